import { Kysely, sql } from "kysely";
import { noProgress } from "../../observability/progress.ts";
import type { ObserveSeconds } from "../connection.ts";
import { type Connection, type Database, DatabaseError } from "../database.ts";
import { migrateToLatest } from "../migrations/migrate.ts";
import { EarlierVersionError, NewerVersionError } from "../migrations/other-version.ts";
import { sqliteSchema } from "../migrations/schema-dialect.ts";
import { makePrivateFile, openForReading, openForWriting } from "./open.ts";
import { refuseEarlierFile } from "./refuse-earlier-file.ts";
import { NodeSqliteDialect, sqliteConnection } from "./sqlite-connection.ts";
import { type StartWriterThread, Writer } from "./writer.ts";

export interface SqliteOptions {
  /** Whether the writer does late work while nobody waits for it. One process at a time does. */
  readonly late?: boolean | undefined;
  /** The size of the reserve on the disk (`LogReserve`). One process at a time keeps it; 0 in the others. */
  readonly reserveBytes?: number | undefined;
  /** Is told of the first failure of late work, for which nobody waits. */
  readonly onLateFailure?: ((error: Error) => void) | undefined;
  /** Gets the seconds that each statement has taken with which this process reads. */
  readonly onRead?: ObserveSeconds | undefined;
  /** Starts the writer's thread, for tests that share their threads. */
  readonly startThread?: StartWriterThread | undefined;
}

/**
 * Opens the SQLite database at `path`, and creates or migrates it. Throws DatabaseError when that can't be done. One
 * thread owns the writing connection and commits everything that waits as one group. Reads have their own connection in
 * this thread, which never waits for a disk flush (docs/architecture.md decision 6).
 * @param transactionsUrl the module that exports the scripts
 */
export async function openSqliteDatabase(
  path: string,
  transactionsUrl: string,
  { late = false, reserveBytes = 0, onLateFailure, onRead, startThread }: SqliteOptions = {},
): Promise<Database> {
  const { reader, closeReader } = await openReader(path, onRead);
  const data = { path, transactionsUrl, late, reserveBytes };
  const writer = await Writer.start(data, onLateFailure, startThread).catch((error: unknown) => {
    closeReader();
    throw error;
  });
  return {
    reader,
    failed: writer.failed,
    run: (script, input) => writer.run(script.name, input) as never,
    listen: (listener) => writer.announcements.listen(listener),
    async check() {
      try {
        await sql`select 1 from accounts limit 1`.execute(reader);
      } catch (error) {
        throw new DatabaseError("The database can't be read.", { cause: error });
      }
      await writer.assertWrites();
    },
    async close() {
      await writer.close();
      closeReader();
    },
  };
}

/**
 * Opens a reader after the database has been created or migrated. It is closed by hand, because kysely leaves a
 * connection open if it has not run a query on it itself.
 */
async function openReader(
  path: string,
  onRead: ObserveSeconds | undefined,
): Promise<{ reader: Connection; closeReader: () => void }> {
  try {
    await migrateSqlite(path);
    const database = openForReading(path);
    const reader = sqliteConnection(database, onRead);
    const closeReader = (): void => {
      if (database.isOpen) database.close();
    };
    return { reader, closeReader };
  } catch (error) {
    if (error instanceof EarlierVersionError || error instanceof NewerVersionError) throw error;
    throw new DatabaseError(`Can't open the database at ${path}`, { cause: error });
  }
}

/**
 * @returns the names of the migrations that ran now
 * @throws EarlierVersionError; NewerVersionError
 */
export async function migrateSqlite(path: string, progress = noProgress): Promise<string[]> {
  await refuseEarlierFile(path);
  makePrivateFile(path);
  const connection = new Kysely<unknown>({ dialect: new NodeSqliteDialect(openForWriting(path)) });
  try {
    return await migrateToLatest(connection, sqliteSchema, progress);
  } finally {
    await connection.destroy();
  }
}
