import type { Connection } from "./connection.ts";

export type { Connection } from "./connection.ts";

/**
 * A transaction's script. It runs only SQL, never other I/O (docs/architecture.md decision 6). Its input and output
 * cross a thread, so they are plain data. A script throws `Rollback` for an outcome that must leave nothing behind.
 */
export interface Transaction<Input, Output> {
  (connection: Connection, input: Input): Promise<Output>;
  /**
   * Whether the script makes room on a full disk, or lets somebody in who makes room. SQLite's writer gives such a script
   * the room that it keeps for them. A function tells by the script's input.
   */
  readonly makesRoom?: boolean | ((input: Input, connection: Connection) => boolean | Promise<boolean>);
}

// biome-ignore lint/suspicious/noExplicitAny: each script has an input and an output of its own
export type Transactions = Readonly<Record<string, Transaction<any, any>>>;

/** Undoes what the script has done and makes `outcome` its result. */
export class Rollback extends Error {
  readonly outcome: unknown;

  constructor(outcome: unknown) {
    super("The transaction rolled itself back.");
    this.outcome = outcome;
  }
}

/**
 * The database as the application sees it. The application doesn't know which engine it runs on
 * (docs/architecture.md decision 5).
 */
export interface Database {
  /** Reads committed rows. */
  readonly reader: Connection;
  /**
   * Runs a script in a transaction and resolves once it is on disk.
   * @throws DatabaseError when the outcome could not be made durable
   */
  run<Input, Output>(script: Transaction<Input, Output>, input: Input): Promise<Output>;
  /**
   * Calls the listener with what each transaction of this process has announced (`Connection.announced`), once the
   * transaction is committed and before `run` answers.
   * @returns a function that ends that
   */
  listen(listener: (announced: string) => void): () => void;
  /** Throws DatabaseError when the database can't be read, or can't be written at the moment. */
  check(): Promise<void>;
  /** Aborted with a DatabaseError once only a new process can write again. Absent if that can't happen. */
  readonly failed?: AbortSignal;
  close(): Promise<void>;
}

/** The database could not do what it was asked to do. Nothing of it is committed. */
export class DatabaseError extends Error {
  override readonly name: string = "DatabaseError";
}

/** The database's disk is full. */
export class DatabaseFullError extends DatabaseError {
  override readonly name = "DatabaseFullError";
}

/**
 * The connection was lost during COMMIT and the database did not come back in time, or SQLite's writer ended. What was
 * asked may or may not have been done.
 */
export class OutcomeUnknownError extends DatabaseError {
  override readonly name = "OutcomeUnknownError";
}

/**
 * A script has found, under a lock, that another transaction changed what the script had read before. On PostgreSQL
 * the script runs again and reads what is there now. On SQLite there is one transaction at a time, and this never
 * happens.
 */
export class StaleReadError extends Error {
  override readonly name = "StaleReadError";
}
