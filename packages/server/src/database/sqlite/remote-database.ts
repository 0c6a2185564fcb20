import { sql } from "kysely";
import type { ObserveSeconds } from "../connection.ts";
import { type Database, DatabaseError, DatabaseFullError, OutcomeUnknownError, type Transaction } from "../database.ts";
import type { Task } from "./commit-group.ts";
import { openForReading } from "./open.ts";
import type { RemoteResult } from "./pending-tasks.ts";
import { type RunBatch, TaskBatches } from "./pending-tasks.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

/** The process that owns the writing connection, as another process of the same machine reaches it. */
export interface RemoteWriter {
  readonly run: RunBatch;
  /** Rejects when that process can't write. */
  check(): Promise<void>;
}

/**
 * Opens the SQLite database at `path` in a process that doesn't write. The process hands its transactions to the one
 * that does, and reads through a connection of its own. Its next read sees what it has been told is committed (WAL).
 */
export async function openRemoteDatabase(
  path: string,
  writer: RemoteWriter,
  onRead?: ObserveSeconds,
): Promise<Database> {
  const reader = sqliteConnection(openForReading(path), onRead);
  const batches = new TaskBatches(writer.run);
  return {
    reader,
    run: (script, input) => batches.run(script.name, input) as never,
    // The process that writes hears what is announced, and runs the jobs.
    listen: () => () => undefined,
    async check() {
      try {
        await sql`select 1 from accounts limit 1`.execute(reader);
        await writer.check();
      } catch (error) {
        throw new DatabaseError("The database can't be used.", { cause: error });
      }
    },
    async close() {
      await batches.settled();
      await reader.destroy();
    },
  };
}

/**
 * The writing process's side: runs the tasks that another process hands over, each task for itself.
 * @param scripts the scripts that tasks may name
 */
export function runForOthers(
  database: Database,
  scripts: Readonly<Record<string, unknown>>,
  tasks: readonly Task[],
): Promise<RemoteResult[]> {
  return Promise.all(
    tasks.map(async ({ id, name, input }): Promise<RemoteResult> => {
      const script = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
      if (typeof script !== "function") return { id, error: `no transaction is called ${name}` };
      try {
        return { id, output: await database.run(script as Transaction<unknown, unknown>, input) };
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        if (error instanceof OutcomeUnknownError) return { id, unknown: text };
        return { id, error: text, ...(error instanceof DatabaseFullError && { isDiskFull: true }) };
      }
    }),
  );
}
