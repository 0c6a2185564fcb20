import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, sqlitePath } from "../app/open-database.ts";
import { openForWriting } from "../database/sqlite/open.ts";
import { migrateSqlite } from "../database/sqlite/sqlite-database.ts";
import { shareWriterThread } from "../database/testing/share-writer-thread.ts";
import { errnoOf } from "../storage/storage-error.ts";

/**
 * Opens a test's database as the server does, in a third of the processor time: a new SQLite file has its tables already,
 * and its thread has written other tests' databases before. Databases on PostgreSQL come with their tables from `engines.ts`.
 */
export const openTestDatabase: typeof openDatabase = async (location, options) => {
  if (location.databaseUrl === undefined) await placeTables(sqlitePath(location.dataDir));
  return openDatabase(location, { ...options, startThread: shareWriterThread });
};

/** The bytes of a SQLite file that has the tables of this version. */
let migrated: Promise<Buffer> | undefined;

async function placeTables(path: string): Promise<void> {
  migrated ??= migrate();
  try {
    await writeFile(path, await migrated, { flag: "wx", mode: 0o600 });
  } catch (error) {
    // A test opens the same database again.
    if (errnoOf(error) === "EEXIST") return;
    throw error;
  }
  const database = openForWriting(path);
  // Each library is another one.
  database.prepare("update console_instances set id = ?").run(randomBytes(6).toString("hex"));
  database.close();
}

async function migrate(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-template-"));
  try {
    const path = join(folder, "sluice.sqlite");
    await migrateSqlite(path);
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}
