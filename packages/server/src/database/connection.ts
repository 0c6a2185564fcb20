import { type Dialect, Kysely, type RawBuilder } from "kysely";
import type { Schema } from "./schema.ts";

export type ObserveSeconds = (seconds: number) => void;

/** A reader, or the transaction that a script runs in. Repository functions take it as their first argument. */
export class Connection extends Kysely<Schema> {
  readonly engine: Engine;
  /**
   * The announcements that the current transaction makes once it is committed. `Database.listen` says who is told. If
   * the transaction is undone, nobody is told.
   */
  readonly announced: Set<string>;

  /** @param observe gets the seconds that each statement has taken */
  constructor(engine: Engine, dialect: Dialect, announced = new Set<string>(), observe?: ObserveSeconds) {
    super(observe === undefined ? { dialect } : { dialect, log: ({ queryDurationMillis: ms }) => observe(ms / 1000) });
    this.engine = engine;
    this.announced = announced;
  }
}

/**
 * Capabilities that one database has and the other lacks, by name. Each opened database has one engine. Repositories
 * and the job queue ask it for a capability, never for a product.
 */
export interface Engine {
  /** Transactions run at the same time, so a script locks the rows by which it decides (`locks.ts`). */
  readonly rowLocks: boolean;
  /**
   * The search index's entry of an upload gets its terms and most of its indexes later, when nobody waits for the writer.
   * Otherwise it has them at once.
   */
  readonly settlesLater: boolean;
  /** A table of the texts of a JSON list, in its column `value`. A list that is null has none. */
  readonly textsOf: (list: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** The database has a clock of its own, which all nodes share. Without it, the process's clock is used. */
  readonly ownClock: boolean;
  /** Runs a compiled statement without waiting for anything. Absent if statements go over a network. */
  readonly runNow?: (text: string, parameters: readonly unknown[]) => { rows: unknown[]; changed: number };
  /** Takes the jobs that scripts add to their transactions. */
  readonly outbox: Outbox;
  /** Present if jobs aren't kept in the table `jobs`. The outbox then hands them to the attached queue. */
  readonly externalQueue?: ExternalQueue;
}

/** A job that a script adds to its transaction. It is plain data. */
export interface OutboxJob {
  readonly name: string;
  readonly input: object;
  /** The job must not run before this much time has passed. */
  readonly afterSeconds?: number;
  /**
   * In each span of this length, by the database's clock, there is at most one job of the name in each lane. Further
   * jobs are dropped.
   */
  readonly oncePerSeconds?: number;
  /**
   * The party or object that the job is done for. A bounded number of the jobs in one lane run at a time, if the job's
   * rules say so.
   */
  readonly lane?: string;
}

/** A job that has failed for good, with its place in the queue. */
export interface FailedJob {
  readonly id: string;
  readonly name: string;
  readonly lane: string;
  /** The time at which the last run was due, in Unix milliseconds. */
  readonly dueAt: number;
}

export interface Outbox {
  /** @returns false when this span of time has such a job already */
  put(connection: Connection, job: OutboxJob): Promise<boolean>;
  /** Adds several jobs, none of them bound to a span of time, in as few statements as the engine needs. */
  putAll(connection: Connection, jobs: readonly OutboxJob[]): Promise<void>;
  /** Makes failed jobs run again, with as many runs as new jobs have. @returns how many there were */
  retryFailed(connection: Connection, jobs: readonly FailedJob[]): Promise<number>;
}

export interface ExternalQueue {
  /** Sends jobs to this queue from now on. @returns a function that ends that */
  attach(queue: Outbox): () => void;
}
