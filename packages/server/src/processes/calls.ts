import type { Config } from "../config/config.ts";
import type { LogLevel } from "../config/settings.ts";
import type { Task } from "../database/sqlite/commit-group.ts";
import type { RemoteResult } from "../database/sqlite/pending-tasks.ts";
import type { MeasuredMetric } from "../observability/metric-sums.ts";
import type { Refusal, RememberedRefusals } from "../refusals/refusal.ts";

/** The data that a worker is started with. */
export interface WorkerStart {
  readonly config: Config;
  readonly logLevel: LogLevel;
  /** Its name in the log and in the metrics. */
  readonly name: string;
  /** The supervisor's version. A worker of another version might not understand the supervisor or the database. */
  readonly version: string;
}

export interface ListeningAt {
  /** The URL as clients reach it, without a trailing slash. */
  readonly url: string;
  readonly port: number;
}

/** The calls from the supervisor to a worker. */
export type WorkerCalls = {
  /** Answers once the worker listens. Until it serves, requests are told that the server is starting. */
  readonly listen: (start: WorkerStart) => Promise<ListeningAt>;
  /** Opens the data, which the supervisor has made ready. */
  readonly open: (start: WorkerStart) => Promise<void>;
  /**
   * Makes the worker answer requests as soon as it listens and has opened the data. `serve` comes after `open`;
   * `listen` may come before both or after both.
   */
  readonly serve: (none: undefined) => Promise<void>;
  readonly metrics: (none: undefined) => Promise<readonly MeasuredMetric[]>;
  /** The refusals of an account that the worker remembers. */
  readonly refusals: (accountId: string) => Promise<readonly Refusal[]>;
  /** Tells load balancers that the server drains. All requests are answered as before. */
  readonly leave: (none: undefined) => Promise<void>;
  /**
   * Takes no new connections, and answers when the requests in flight are done. Idle connections are ended after
   * `idleMs`. The answer is what the worker has measured in its life.
   */
  readonly drain: (options: { readonly idleMs: number }) => Promise<readonly MeasuredMetric[]>;
};

/** The calls from a worker to the supervisor. */
export type SupervisorCalls = {
  /** Runs transactions on the one writing connection. */
  readonly run: (tasks: readonly Task[]) => Promise<readonly RemoteResult[]>;
  /** Rejects when the supervisor's database can't be used. */
  readonly check: (none: undefined) => Promise<void>;
  /** Makes the queue look for jobs of that name: one may have been put into a database that all processes share. */
  readonly wake: (job: string) => Promise<void>;
  /** The metrics of all processes, as Prometheus text. */
  readonly metrics: (none: undefined) => Promise<string>;
  /** The refusals of an account that all workers remember. */
  readonly refusals: (accountId: string) => Promise<RememberedRefusals>;
};
