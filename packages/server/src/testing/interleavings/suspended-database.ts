import { type CompiledQuery, sql } from "kysely";
import type { Database } from "../../database/database.ts";
import { type Connection, Rollback, type Transaction } from "../../database/database.ts";
import { openPostgresDatabase } from "../../database/postgres/postgres-database.ts";
import { poolLimits } from "../../database/testing/postgres-database.ts";
import type { Actor } from "./actor.ts";
import { Footprint } from "./footprint.ts";
import { type FileNames, footprintOf, isOfSearchIndex, summaryOf } from "./statement-footprint.ts";
import { suspendStatements } from "./suspended-statements.ts";

/**
 * A node's database in which each operation is a step of the actor. On SQLite a whole transaction is one step, because
 * it has the only writer to itself. A read is a step on both engines.
 */
export function suspendSqlite(database: Database, actor: Actor): Database {
  const everything = "the database";
  return {
    reader: suspendReads(database.reader, actor, () => new Footprint().looks(everything)),
    run: (script, input) =>
      inTransaction(actor, () =>
        actor.step(script.name, new Footprint().changes(everything)).then(() => database.run(script, input)),
      ),
    listen: (listener) => database.listen(listener),
    check: () => database.check(),
    close: () => database.close(),
  };
}

/**
 * A separate node's database on PostgreSQL, with its own connections. Each statement of a transaction is a step, and so
 * is the transaction's end.
 */
export async function openSuspendedPostgres(url: string, actor: Actor, files: FileNames): Promise<Database> {
  const limits = { ...poolLimits, databaseConnections: 2 };
  const database = await openPostgresDatabase(url, limits);
  return {
    reader: suspendReads(database.reader, actor, (query) => footprintOf(query, files).touches),
    run: (script, input) => inTransaction(actor, () => database.run(suspendScript(script, actor, files), input)),
    listen: (listener) => database.listen(listener),
    check: () => database.check(),
    close: () => database.close(),
  };
}

function suspendReads(reader: Connection, actor: Actor, footprint: (query: CompiledQuery) => Footprint): Connection {
  return suspendStatements(reader, async (query, execute) => {
    await actor.step(`reads: ${summaryOf(query)}`, footprint(query));
    return execute();
  });
}

function suspendScript<Input, Output>(
  script: Transaction<Input, Output>,
  actor: Actor,
  files: FileNames,
): Transaction<Input, Output> {
  const { name } = script;
  return async (connection, input) => {
    const pid = await processOf(connection);
    const end = new Footprint();
    const suspended = suspendStatements(connection, async (query, execute) => {
      // Rows of the search index are touched only under the lock of their file, whose own steps are played in every order.
      // Steps of their own would only multiply the interleavings.
      if (isOfSearchIndex(query)) return actor.inStatement(pid, execute);
      const { touches, atEnd } = footprintOf(query, files);
      end.include(atEnd);
      await actor.step(`${name}: ${summaryOf(query)}`, touches);
      return actor.inStatement(pid, execute);
    });
    try {
      const output = await script(suspended, input);
      await actor.step(`${name}: commit`, end);
      return output;
    } catch (error) {
      await actor.step(`${name}: rollback`, end);
      // The runner would retry, and so hide that two transactions waited for each other.
      if (!(error instanceof Rollback)) actor.failure ??= error;
      throw error;
    }
  };
}

async function processOf(connection: Connection): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection);
  return rows[0]?.pid ?? 0;
}

/** Runs a transaction, which takes no time by the tests' clock (see `Node.passTime`). */
async function inTransaction<Result>(actor: Actor, run: () => Promise<Result>): Promise<Result> {
  actor.inTransaction = true;
  try {
    return await run();
  } finally {
    actor.inTransaction = false;
    actor.touched.looks(clockResource);
  }
}

/** The clock as a resource. A step that reads the clock looks at it, and a step that lets time pass changes it. */
export const clockResource = "the clock";
