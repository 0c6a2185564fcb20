import type { Kysely } from "kysely";
import type pg from "pg";
import { Rollback, type Transaction } from "../database.ts";
import type { Schema } from "../schema.ts";
import { failureOf, isAnswer } from "./failure.ts";

/** What names a transaction beyond its connection. */
export interface TransactionMark {
  /** Never given twice in the life of a cluster. */
  readonly xid: string;
  /** The server's process that runs it. */
  readonly pid: number;
}

/** The COMMIT was sent and its answer never came. */
export class LostCommit extends Error {
  readonly mark: TransactionMark;
  readonly output: unknown;

  constructor(mark: TransactionMark, output: unknown, cause: unknown) {
    super("The answer to a COMMIT was lost.", { cause });
    this.mark = mark;
    this.output = output;
  }
}

const begin =
  "begin isolation level read committed read write; select pg_current_xact_id()::text as xid, pg_backend_pid() as pid";

/**
 * Runs a script once, in a transaction of its own.
 * @throws LostCommit when its outcome is unknown; after any other error nothing of it is committed
 */
export async function runOnce<Input, Output>(
  client: pg.ClientBase,
  connection: Kysely<Schema>,
  script: Transaction<Input, Output>,
  input: Input,
): Promise<Output> {
  const results = (await client.query(begin)) as unknown as [unknown, pg.QueryResult<TransactionMark>];
  const [mark] = results[1].rows;
  if (mark === undefined) throw new Error("a transaction began without a number");
  let output: Output;
  try {
    output = await script(connection, input);
  } catch (error) {
    // A connection that has gone takes its transaction along.
    if (failureOf(error) !== "lost") await client.query("rollback");
    if (error instanceof Rollback) return error.outcome as Output;
    throw error;
  }
  const { command } = await client.query("commit").catch((error: unknown) => {
    throw isAnswer(error) ? error : new LostCommit(mark, output, error);
  });
  if (command !== "COMMIT") throw new Error("the transaction had failed before its end");
  return output;
}
