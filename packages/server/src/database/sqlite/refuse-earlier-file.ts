import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Kysely } from "kysely";
import { EarlierVersionError, isOfEarlierVersion } from "../migrations/earlier-version.ts";
import { sqliteSchema } from "../migrations/schema-dialect.ts";
import { NodeSqliteDialect } from "./node-sqlite-dialect.ts";

/**
 * Looks at the SQLite file at `path`, if there is one, before it is opened for writing, and leaves it as it is.
 * @throws EarlierVersionError
 */
export async function refuseEarlierFile(path: string): Promise<void> {
  // A file that can't be read is a problem that opening it reports.
  const isEarlier = await look(path).catch(() => false);
  if (isEarlier) throw new EarlierVersionError();
}

async function look(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const database = openUntouched(path);
  try {
    return await isOfEarlierVersion(new Kysely<unknown>({ dialect: new NodeSqliteDialect(database) }), sqliteSchema);
  } finally {
    database.close();
  }
}

/**
 * An ordinary connection puts a log beside the file, even one that only reads. With `immutable` SQLite reads the file
 * alone, so that serves only where there is no log: after a crash, and while a server runs, the log holds rows too.
 */
function openUntouched(path: string): DatabaseSync {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const url = pathToFileURL(path);
  if (log === undefined || log.size === 0) url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true, timeout: 1000 });
}
