import type { DatabaseSync } from "node:sqlite";
import { Connection, type Engine } from "../connection.ts";
import { NodeSqliteDialect } from "./node-sqlite-dialect.ts";
import { cachedPrepare, type Prepare } from "./prepared-statements.ts";
import { Revision } from "./revision.ts";
import { tableOutbox } from "./table-outbox.ts";

/** A kysely connection to an open SQLite file. */
export function sqliteConnection(database: DatabaseSync): Connection {
  const prepare = cachedPrepare(database);
  const engine: Engine = {
    rowLocks: false,
    settlesLater: true,
    ownClock: false,
    runNow: (text, parameters) => runNow(prepare, text, parameters),
    revision: new Revision(database.prepare("pragma data_version")),
    outbox: tableOutbox,
  };
  return new Connection(engine, new NodeSqliteDialect(database, prepare));
}

/**
 * Runs a statement without kysely's executor. The executor takes a lock and half a dozen promises to get to the same
 * two lines, which costs more than a small statement. No statement here waits for anything.
 */
function runNow(prepare: Prepare, text: string, parameters: readonly unknown[]): { rows: unknown[]; changed: number } {
  const statement = prepare(text);
  if (statement.reader) return { rows: statement.all(parameters), changed: 0 };
  return { rows: [], changed: Number(statement.run(parameters).changes) };
}
