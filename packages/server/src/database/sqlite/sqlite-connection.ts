import type { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { Connection, type Engine, type ObserveSeconds } from "../connection.ts";
import { NodeSqliteDialect } from "./node-sqlite-dialect.ts";
import { cachedPrepare, type Prepare } from "./prepared-statements.ts";
import { tableOutbox } from "./table-outbox.ts";

/**
 * A kysely connection to an open SQLite file.
 * @param observe gets the seconds that each statement has taken
 */
export function sqliteConnection(database: DatabaseSync, observe?: ObserveSeconds): Connection {
  const prepare = cachedPrepare(database);
  const run: RunNow = (text, parameters) => runNow(prepare, text, parameters);
  const engine: Engine = {
    rowLocks: false,
    settlesLater: true,
    textsOf: (list) => sql`json_each(${list})`,
    ownClock: false,
    runNow: observe === undefined ? run : observed(run, observe),
    outbox: tableOutbox,
  };
  return new Connection(engine, new NodeSqliteDialect(database, prepare), undefined, observe);
}

type RunNow = NonNullable<Engine["runNow"]>;

function observed(run: RunNow, observe: ObserveSeconds): RunNow {
  return (text, parameters) => {
    const began = performance.now();
    try {
      return run(text, parameters);
    } finally {
      observe((performance.now() - began) / 1000);
    }
  };
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
