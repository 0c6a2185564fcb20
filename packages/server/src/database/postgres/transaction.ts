import type { Kysely } from "kysely";
import type pg from "pg";
import { Rollback, type Transaction } from "../database.ts";
import type { Schema } from "../schema.ts";
import { failureOf, isAnswer } from "./failure.ts";

/** What names a transaction beyond its connection. */
export interface TransactionMark {
  /** Never given twice in one history of a cluster. */
  readonly xid: string;
  /** As `historyOf` tells it. */
  readonly history: string;
  /** The server's process that runs it. */
  readonly pid: number;
}

/** A connection, as scripts use it. */
export interface Session {
  readonly connection: Kysely<Schema>;
  readonly history: string;
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
  { connection, history }: Session,
  script: Transaction<Input, Output>,
  input: Input,
): Promise<Output> {
  let mark: TransactionMark;
  let output: Output;
  try {
    mark = { ...(await beginOn(client)), history };
    output = await script(connection, input);
  } catch (error) {
    // Also when it had no number yet: it has begun. A connection that has gone takes its transaction along.
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

async function beginOn(client: pg.ClientBase): Promise<Pick<TransactionMark, "xid" | "pid">> {
  const results = (await client.query(begin)) as unknown as [unknown, pg.QueryResult<{ xid: string; pid: number }>];
  const [mark] = results[1].rows;
  if (mark === undefined) throw new Error("a transaction began without a number");
  return mark;
}
