import { existsSync } from "node:fs";
import { link, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import { ConfigError } from "../../config/config-error.ts";
import { linkRefused } from "../../storage/disk-blob-store.ts";
import { syncFolder } from "../../storage/durable-folder.ts";
import { errnoOf, toStorageError } from "../../storage/storage-error.ts";
import { DatabaseError } from "../database.ts";
import type { Load, RowsToLoad } from "../dump/load.ts";
import { insertRows } from "../dump/load.ts";
import type { Value } from "../dump/snapshot.ts";
import { migrateToLatest } from "../migrations/migrate.ts";
import { sqliteSchema } from "../migrations/schema-dialect.ts";
import { makePrivateFile, openForWriting } from "./open.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

/** The end of the name of a file that is being filled. */
const unfinished = "-restoring";
/** SQLite reads these files as parts of the database that they are named after. */
const companions = ["-wal", "-shm", "-journal"];

/**
 * Fills a new file, which gets its name once it is whole. What an earlier filling has left is removed.
 * @param migration the last migration of the rows to come
 * @throws ConfigError when there is a database at `path` already; DatabaseError when the file can't be made
 */
export async function openSqliteLoad(path: string, migration: string): Promise<Load> {
  const made = `${path}${unfinished}`;
  const removeMade = async (): Promise<void> => {
    for (const end of ["", ...companions]) await rm(`${made}${end}`, { force: true });
  };
  assertNew(path);
  await removeMade();
  makePrivateFile(made);
  const database = openForWriting(made);
  const connection = sqliteConnection(database);
  let isFinished = false;
  try {
    await migrate(connection, migration);
    // A file that is not finished is thrown away, so nothing of it has to survive a crash.
    database.exec("pragma journal_mode = off; pragma synchronous = off; begin");
  } catch (error) {
    database.close();
    await removeMade();
    throw new DatabaseError(`Can't make the database at ${path}`, { cause: error });
  }
  return {
    connection,
    async clear(table) {
      await sql`delete from ${sql.table(table)}`.execute(connection);
    },
    async insert(rows) {
      assertTypes(database, rows);
      await insertRows(connection, rows);
    },
    async finish() {
      database.exec("commit; pragma journal_mode = wal; pragma synchronous = full");
      await migrate(connection);
      database.close();
      if (existsSync(`${made}-wal`)) throw new DatabaseError(`SQLite could not write all rows into ${made}`);
      const file = await open(made, "r+");
      try {
        await file.sync();
      } finally {
        await file.close();
      }
      // A log that an opened database has left would be read as a part of the one that gets the name.
      assertNew(path);
      await nameAnew(made, path);
      await syncFolder(dirname(path));
      isFinished = true;
      await removeMade();
    },
    async close() {
      if (database.isOpen) database.close();
      if (!isFinished) await removeMade();
    },
  };
}

/** The types of values that a column of a declared type has. A column of any type takes a null, or has a constraint. */
const fits: Readonly<Record<string, (value: Value) => boolean>> = {
  TEXT: (value) => typeof value === "string",
  INTEGER: (value) => Number.isSafeInteger(value),
  REAL: (value) => typeof value === "number",
  BLOB: (value) => value instanceof Uint8Array,
};

/**
 * SQLite puts any value into any column, and the server relies on the types.
 * @throws DatabaseError for a value of another type than its column
 */
function assertTypes(database: DatabaseSync, { table, columns, rows }: RowsToLoad): void {
  const declared = new Map(
    database
      .prepare("select name, upper(type) as type from pragma_table_info(?)")
      .all(table)
      .map(({ name, type }) => [name, String(type)]),
  );
  for (const [index, column] of columns.entries()) {
    const type = declared.get(column);
    if (type === undefined) throw new DatabaseError(`The table ${table} has no column ${JSON.stringify(column)}`);
    const wrong = rows.some((row) => row[index] !== null && fits[type]?.(row[index] as Value) !== true);
    if (wrong) throw new DatabaseError(`The column ${column} has a value that is no ${type}`);
  }
}

/** Makes a link where the file system has links: unlike a renaming, it never replaces a database that has appeared. */
async function nameAnew(made: string, path: string): Promise<void> {
  try {
    await link(made, path);
  } catch (error) {
    const code = errnoOf(error) ?? "";
    if (code === "EEXIST") throw thereIs(path);
    if (!linkRefused.has(code)) throw toStorageError(error, `make ${path}`);
    await rename(made, path);
  }
}

function assertNew(path: string): void {
  for (const end of ["", ...companions]) if (existsSync(`${path}${end}`)) throw thereIs(`${path}${end}`);
}

function thereIs(path: string): ConfigError {
  return new ConfigError(`--data-dir must name an empty folder: there is a database at ${path}`);
}

async function migrate(connection: unknown, last?: string): Promise<void> {
  await migrateToLatest(connection as Kysely<unknown>, sqliteSchema, undefined, last);
}
