import type { Connection } from "./connection.ts";

export type { Connection } from "./connection.ts";

/**
 * A transaction's script: only SQL happens in it, never other I/O (docs/architecture.md decision 6). Its input and
 * output cross a thread, so they are plain data. An outcome that must leave nothing behind is thrown as `Rollback`.
 */
export type Transaction<Input, Output> = (connection: Connection, input: Input) => Promise<Output>;

// biome-ignore lint/suspicious/noExplicitAny: each script has an input and an output of its own
export type Transactions = Readonly<Record<string, Transaction<any, any>>>;

/** Undoes what the script has done and answers `outcome`. */
export class Rollback extends Error {
  readonly outcome: unknown;

  constructor(outcome: unknown) {
    super("The transaction rolled itself back.");
    this.outcome = outcome;
  }
}

/**
 * The database as the application sees it; it does not know which engine it runs on (docs/architecture.md decision 5).
 */
export interface Database<Scripts extends Transactions> {
  /** Reads committed rows. */
  readonly reader: Connection;
  /**
   * Runs a script in a transaction and resolves once it is on disk.
   * @throws DatabaseError when the outcome could not be made durable
   */
  run<Name extends keyof Scripts & string>(
    name: Name,
    input: Parameters<Scripts[Name]>[1],
  ): Promise<Awaited<ReturnType<Scripts[Name]>>>;
  /**
   * Has the listener told what each transaction that this process runs has announced (`Connection.announced`), once it is
   * committed and before `run` answers.
   * @returns ends that
   */
  listen(listener: (announced: string) => void): () => void;
  /** Throws DatabaseError when the database can't be read, or not be written at the moment. */
  check(): Promise<void>;
  /** Aborted, with a DatabaseError, once only a new process can write again; absent where that does not happen. */
  readonly failed?: AbortSignal;
  close(): Promise<void>;
}

/** The database could not do what it was asked; nothing of it is committed. */
export class DatabaseError extends Error {
  override readonly name: string = "DatabaseError";
}

/**
 * The connection was lost during COMMIT and the database did not come back in time, or SQLite's writer ended: what was
 * asked may be done or not.
 */
export class OutcomeUnknownError extends DatabaseError {
  override readonly name = "OutcomeUnknownError";
}
