import type { Config } from "../config/config.ts";
import type { LogLevel } from "../config/settings.ts";
import type { Task } from "../database/sqlite/commit-group.ts";
import type { RemoteResult } from "../database/sqlite/pending-tasks.ts";
import type { MeasuredMetric } from "../observability/metric-sums.ts";

/** What a worker is started with. */
export interface WorkerStart {
  readonly config: Config;
  readonly logLevel: LogLevel;
  /** Its name in the log and in the metrics. */
  readonly name: string;
}

export interface ListeningAt {
  /** As clients reach it, without a trailing slash. */
  readonly url: string;
  readonly port: number;
}

/** What the supervisor asks of a worker. */
export type WorkerCalls = {
  /** Answers once it listens; until it serves, requests are told that the server is starting. */
  readonly listen: (start: WorkerStart) => Promise<ListeningAt>;
  /** Opens the data, which the supervisor has made ready. */
  readonly open: (start: WorkerStart) => Promise<void>;
  /** Answers requests from now on, once both of the others have been done, in either order. */
  readonly serve: (none: undefined) => Promise<void>;
  readonly metrics: (none: undefined) => Promise<readonly MeasuredMetric[]>;
  /** Takes nothing new, and answers when what was in flight is done. */
  readonly drain: (none: undefined) => Promise<void>;
};

/** What a worker asks of the supervisor. */
export type SupervisorCalls = {
  /** Runs transactions on the one writing connection. */
  readonly run: (tasks: readonly Task[]) => Promise<readonly RemoteResult[]>;
  /** Rejects when the supervisor's database can't be used. */
  readonly check: (none: undefined) => Promise<void>;
  /** Has the queue look for jobs of that name: one may have been put into a database that is everybody's. */
  readonly wake: (job: string) => Promise<void>;
  /** All processes' metrics, as Prometheus text. */
  readonly metrics: (none: undefined) => Promise<string>;
};
