import { sql } from "kysely";
import { type Database, DatabaseError, OutcomeUnknownError, type Transactions } from "../database.ts";
import { forgetRevision } from "../revision.ts";
import type { Task } from "./commit-group.ts";
import { openForReading } from "./open.ts";
import type { RemoteResult } from "./pending-tasks.ts";
import { sqliteConnection } from "./sqlite-connection.ts";
import { type RunBatch, TaskBatches } from "./task-batches.ts";

/** The process that owns the writing connection, as another one of the same machine reaches it. */
export interface RemoteWriter {
  readonly run: RunBatch;
  /** Rejects when it can't write. */
  check(): Promise<void>;
}

/**
 * The SQLite database at `path` in a process that doesn't write: it hands its transactions to the one that does, and
 * reads through a connection of its own. What it has been told is committed, its next read sees (WAL).
 */
export async function openRemoteDatabase<Scripts extends Transactions>(
  path: string,
  writer: RemoteWriter,
): Promise<Database<Scripts>> {
  const reader = sqliteConnection(openForReading(path));
  const batches = new TaskBatches(writer.run, () => forgetRevision(reader));
  return {
    reader,
    run: (name, input) => batches.run(name, input) as never,
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

/** The writing process's side: runs what another one hands over, each task for itself. */
export function runForOthers(database: Database<Transactions>, tasks: readonly Task[]): Promise<RemoteResult[]> {
  return Promise.all(
    tasks.map(async ({ id, name, input }): Promise<RemoteResult> => {
      try {
        return { id, output: await database.run(name, input) };
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return error instanceof OutcomeUnknownError ? { id, unknown: text } : { id, error: text };
      }
    }),
  );
}
