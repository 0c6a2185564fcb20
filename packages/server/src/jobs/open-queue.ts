import { DatabaseError } from "../database/database.ts";
import type { PoolLimits } from "../database/postgres/pool.ts";
import { createJobObserver, type ObserverDeps } from "./job-observer.ts";
import type { JobObserver, JobQueue } from "./job-queue.ts";
import type { JobTable } from "./job-rules.ts";
import type { JobSender } from "./postgres/postgres-job-sender.ts";
import { type JobDatabase, SqliteJobQueue } from "./sqlite/sqlite-job-queue.ts";

export interface QueueDeps {
  readonly config: {
    /** The URL is absent where the queue is a table in SQLite. */
    readonly databaseUrl?: string | undefined;
    readonly limits: PoolLimits;
  };
  readonly database: JobDatabase;
}

/**
 * Opens the database's queue for these jobs. From here on transactions may enqueue them.
 * @param signal ends the wait for a database that hangs, or for another node
 */
export async function openQueue(
  { config, database }: QueueDeps,
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

/**
 * Opens the sender of a process that runs no jobs, beside one that has opened their queue. From here on the process's
 * transactions may enqueue jobs. On SQLite they always may, since the queue is a table of the same database.
 */
export async function openJobSender(
  services: ObserverDeps & { readonly database: Pick<JobDatabase, "reader"> },
): Promise<JobSender> {
  if (services.database.reader.engine.externalQueue === undefined) return { close: async () => undefined };
  const { openPostgresJobSender } = await import("./postgres/postgres-job-sender.ts");
  return openPostgresJobSender(services.database.reader, createJobObserver(services));
}
