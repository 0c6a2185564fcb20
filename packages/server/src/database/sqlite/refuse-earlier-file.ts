import { existsSync, realpathSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Kysely } from "kysely";
import { DatabaseError } from "../database.ts";
import { EarlierVersionError, isOfEarlierVersion } from "../migrations/other-version.ts";
import { sqliteSchema } from "../migrations/schema-dialect.ts";
import { NodeSqliteDialect } from "./sqlite-connection.ts";

/**
 * Checks the SQLite file at `path`, if there is one, before it is opened for writing, and leaves it as it is. If a log
 * was left without its index (`-shm`), SQLite creates the index.
 * @throws EarlierVersionError; DatabaseError while the file can't be checked
 */
export async function refuseEarlierFile(path: string): Promise<void> {
  if (await look(path)) throw new EarlierVersionError();
}

async function look(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  try {
    const database = openUntouched(realpathSync(path));
    try {
      return await isOfEarlierVersion(new Kysely<unknown>({ dialect: new NodeSqliteDialect(database) }), sqliteSchema);
    } finally {
      database.close();
    }
  } catch (error) {
    // Opening it for writing would change the file of a version that was not recognised.
    if (mayPass(error)) throw new DatabaseError("The database can't be read at the moment.", { cause: error });
    // Opening the file reports whatever else is wrong with it.
    return false;
  }
}

/** SQLite's codes for a database that is busy, and for a disk that fails. */
const passing: readonly unknown[] = [5, 10];

function mayPass(error: unknown): boolean {
  const { errcode } = Object(error) as { readonly errcode?: unknown };
  return typeof errcode === "number" && passing.includes(errcode & 0xff);
}

/**
 * An ordinary connection puts a log beside the file, even if it only reads. With `immutable`, SQLite reads only the
 * file itself. That is right only without a log: after a crash, and while a server runs, the log contains rows too.
 */
function openUntouched(path: string): DatabaseSync {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  const url = pathToFileURL(path);
  if (log !== undefined && log.size > 0) {
    if (existsSync(`${path}-shm`)) url.searchParams.set("readonly_shm", "1");
  } else if (!existsSync(`${path}-journal`)) url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true, timeout: 1000 });
}
