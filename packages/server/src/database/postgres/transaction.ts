import type pg from "pg";
import type { Connection } from "../connection.ts";
import { Rollback, type Transaction } from "../database.ts";
import { failureOf, isAnswer } from "./failure.ts";

/** Identifies a transaction beyond its connection. */
export interface TransactionMark {
  /** The transaction's number, which is never given twice in one history of a cluster. */
  readonly xid: string;
  /** The history of the cluster, as `historyOf` tells it. */
  readonly history: string;
  /** The server's process that runs the transaction. */
  readonly pid: number;
}

/** A connection, as scripts use it. */
export interface Session {
  readonly connection: Connection;
  readonly history: string;
}

/** The result of a script, and its announcements. */
export interface Committed<Output> {
  readonly output: Output;
  readonly announced: readonly string[];
}

/** The COMMIT was sent and its answer never came. */
export class LostCommit extends Error {
  readonly mark: TransactionMark;
  /** The transaction's result, should it be committed. */
  readonly result: Committed<unknown>;

  constructor(mark: TransactionMark, result: Committed<unknown>, cause: unknown) {
    super("The answer to a COMMIT was lost.", { cause });
    this.mark = mark;
    this.result = result;
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
  { connection, history }: Session,
  script: Transaction<Input, Output>,
  input: Input,
): Promise<Committed<Output>> {
  let mark: TransactionMark;
  let result: Committed<Output>;
  connection.announced.clear();
  try {
    mark = { ...(await beginOn(client)), history };
    const output = await script(connection, input);
    result = { output, announced: [...connection.announced] };
  } catch (error) {
    // The rollback is due even when the transaction had no number yet: it has begun. A connection that has gone takes
    // its transaction along.
    if (failureOf(error) !== "lost") await client.query("rollback");
    if (error instanceof Rollback) return { output: error.outcome as Output, announced: [] };
    throw error;
  }
  const { command } = await client.query("commit").catch((error: unknown) => {
    throw isAnswer(error) ? error : new LostCommit(mark, result, error);
  });
  if (command !== "COMMIT") throw new Error("the transaction had failed before its end");
  return result;
}

async function beginOn(client: pg.ClientBase): Promise<Pick<TransactionMark, "xid" | "pid">> {
  const results = (await client.query(begin)) as unknown as [unknown, pg.QueryResult<{ xid: string; pid: number }>];
  const [mark] = results[1].rows;
  if (mark === undefined) throw new Error("a transaction began without a number");
  return mark;
}
