import { DatabaseError } from "../database/database.ts";
import type { JobObserver, JobQueue } from "./job-queue.ts";
import type { JobTable } from "./job-rules.ts";
import type { JobsNeeds } from "./needs.ts";
import { SqliteJobQueue } from "./sqlite/sqlite-job-queue.ts";

/**
 * Opens the database's queue for these jobs. From here on transactions may enqueue them.
 * @param signal ends the wait for a database that hangs, or for another node
 */
export async function openQueue(
  { config, database }: Pick<JobsNeeds, "config" | "database">,
  table: JobTable,
  observer: JobObserver,
  signal?: AbortSignal,
): Promise<JobQueue> {
  const { databaseUrl, limits } = config;
  if (databaseUrl === undefined) return new SqliteJobQueue(database, table, observer);
  // Loaded only where it is needed, since loading it takes a good part of a start's time.
  const { PostgresJobQueue } = await import("./postgres/postgres-job-queue.ts");
  const options = { url: databaseUrl, limits, connection: database.reader, table, observer, signal };
  try {
    return await PostgresJobQueue.open(options);
  } catch (error) {
    signal?.throwIfAborted();
    throw new DatabaseError("Can't open the job queue; its user must be allowed to make a schema", { cause: error });
  }
}
