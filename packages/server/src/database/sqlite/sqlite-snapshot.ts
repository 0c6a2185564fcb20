import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { RawBuilder } from "kysely";
import { DatabaseError } from "../database.ts";
import type { RowBatch, Snapshot } from "../dump/snapshot.ts";
import { lastMigration } from "../dump/snapshot.ts";
import { openForReading } from "./open.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

const batchRows = 500;

/**
 * Opens a snapshot of the database at `path`. It keeps nobody from writing. The log can't begin anew before the snapshot
 * is closed, and grows meanwhile.
 */
export async function openSqliteSnapshot(path: string): Promise<Snapshot> {
  const database = openForReading(path);
  try {
    database.exec("begin");
    const connection = sqliteConnection(database);
    // The first read chooses the moment.
    const migration = await lastMigration(connection);
    return {
      migration,
      connection,
      read: (query) => read(database, query.compile(connection)),
      async close() {
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function* read(
  database: DatabaseSync,
  { sql, parameters }: ReturnType<RawBuilder<unknown>["compile"]>,
): AsyncGenerator<RowBatch> {
  try {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    let rows: unknown[][] = [];
    for (const row of statement.iterate(...(parameters as SQLInputValue[]))) {
      rows.push(row as unknown as unknown[]);
      if (rows.length < batchRows) continue;
      yield { columns, rows };
      rows = [];
    }
    yield { columns, rows };
  } catch (error) {
    throw new DatabaseError("The database can't be read.", { cause: error });
  }
}
