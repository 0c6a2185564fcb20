import { type Dialect, Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** What a repository function takes as its first argument: a reader, or the transaction it runs in. */
export class Connection extends Kysely<Schema> {
  readonly engine: Engine;
  /**
   * What the transaction under way has to say once it is committed: `Database.listen` tells who hears of it. Of a
   * transaction that is undone nobody hears.
   */
  readonly announced: Set<string>;

  constructor(engine: Engine, dialect: Dialect, announced = new Set<string>()) {
    super({ dialect });
    this.engine = engine;
    this.announced = announced;
  }
}

/**
 * What one database can do and the other can't, by name. There is one for each database that is opened. Repositories and
 * the job queue ask it for a capability, never for a product.
 */
export interface Engine {
  /** Transactions run at the same time, so that a script locks the rows by which it decides (`locks.ts`). */
  readonly rowLocks: boolean;
  /** The database has a clock of its own, one for all nodes. Without it the clock is the process's. */
  readonly ownClock: boolean;
  /** Runs a compiled statement without waiting for anything: absent where statements go over a network. */
  readonly runNow?: (text: string, parameters: readonly unknown[]) => { rows: unknown[]; changed: number };
  /** Tells without a query whether something was committed: absent where that would cost as much as a query. */
  readonly revision?: EngineRevision;
  /** Takes the jobs that scripts put into their transactions. */
  readonly outbox: Outbox;
  /** Present where jobs don't lie in the table `jobs`: the outbox hands them to the queue that is attached. */
  readonly externalQueue?: ExternalQueue;
}

export interface EngineRevision {
  /** Another number once a transaction has been committed, by any process. */
  current(): number;
  /** Makes the next look a new one: a transaction is known to be committed. */
  forget(): void;
}

/** A job as a script puts it into its transaction: plain data. */
export interface OutboxJob {
  readonly name: string;
  readonly input: object;
  /** Not to run before so much time has passed. */
  readonly afterSeconds?: number;
  /**
   * In each span of this length, by the database's clock, there is one job of the name at most; more are dropped. Jobs of
   * one name that are bound so are in one lane.
   */
  readonly oncePerSeconds?: number;
  /** What it is done for: of the jobs in one lane a bounded number run at a time, where the job's rules say so. */
  readonly lane?: string;
}

export interface Outbox {
  /** @returns false when there was one in this span of time already */
  put(connection: Connection, job: OutboxJob): Promise<boolean>;
  /** Several, of which none is bound to a span of time, in as few statements as the engine needs. */
  putAll(connection: Connection, jobs: readonly OutboxJob[]): Promise<void>;
}

export interface ExternalQueue {
  /** Has jobs go to this queue from now on. @returns ends that */
  attach(queue: Outbox): () => void;
}
