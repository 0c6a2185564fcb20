import type { Party } from "../concurrency/fair-line.ts";
import type { Config } from "../config/config.ts";
import type { LogLevel } from "../config/settings.ts";
import type { Task } from "../database/sqlite/commit-group.ts";
import type { RemoteResult } from "../database/sqlite/pending-tasks.ts";
import type { AiRequest } from "../media/image/plan/ai-effects.ts";
import type { AskedPicture, Refused } from "../media/processes/child-calls.ts";
import type { Isolation } from "../media/processes/media-processes.ts";
import type { TaskName } from "../media/processes/tasks.ts";
import type { MeasuredMetric } from "../observability/metric-sums.ts";
import type { Refusal, RememberedRefusals } from "../refusals/refusal.ts";

/** The data that a worker is started with. */
export interface WorkerStart {
  readonly config: Config;
  readonly logLevel: LogLevel;
  /** The secret of the demo page's link. All workers have the same, also those that take the place of others. */
  readonly demoSecret: string;
  /** Its name in the log and in the metrics. */
  readonly name: string;
  /** The supervisor's version. A worker of another version might not understand the supervisor or the database. */
  readonly version: string;
}

export interface ListeningAt {
  /** The URL as clients reach it, without a trailing slash. */
  readonly url: string;
  /** The URL of the address that is listened on, without a trailing slash. */
  readonly address: string;
  readonly port: number;
}

/** The calls from the supervisor to a worker. */
export type WorkerCalls = {
  /** Answers once the worker listens. Until it serves, requests are told that the server is starting. */
  readonly listen: (start: WorkerStart) => Promise<ListeningAt>;
  /**
   * Opens the data, which the supervisor has made ready. This configuration has the keys for the secrets of origins, and
   * that of `listen` may not.
   */
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
  /** The input of the worker's task, whose turn has come. */
  readonly prepareMedia: (id: number) => Promise<unknown>;
  /** Finds the picture that a model has made for the worker's task. */
  readonly findAiPicture: (asked: AskedForTask) => Promise<Uint8Array>;
};

export interface AskedForTask {
  /** The worker's name for the task. */
  readonly id: number;
  readonly request: AiRequest;
  readonly picture: AskedPicture;
}

/** A task of a worker for a process that decodes. */
export interface MediaTask {
  readonly id: number;
  readonly name: TaskName;
  readonly party: Party | undefined;
  readonly file: string | undefined;
  readonly layers: readonly string[] | undefined;
  readonly key: string | undefined;
  readonly estimateMs: number | undefined;
}

export type MediaAnswer = (
  | { readonly value: unknown }
  | { readonly refused: Refused & { readonly exhausted: boolean } }
) & {
  readonly usedMs: number;
};

/** The calls by which a worker uses the machine's processes that decode. */
export type MediaCalls = {
  /** Does a task once its turn has come, which the worker then prepares. */
  readonly media: (task: MediaTask) => Promise<MediaAnswer>;
  readonly stopMedia: (id: number) => Promise<void>;
  /** The picture about which a model is being asked, as PNG. */
  readonly askedPicture: (id: number) => Promise<Uint8Array>;
  readonly isolation: (none: undefined) => Promise<Isolation>;
  /** Whether one more task would be taken. */
  readonly hasMediaRoom: (none: undefined) => Promise<boolean>;
};

/** The calls from a worker to the supervisor. */
export type SupervisorCalls = MediaCalls & OwnCalls;

/** The calls that the supervisor answers every worker alike. */
export type OwnCalls = {
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
