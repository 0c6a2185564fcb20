import type { SluiceDatabase } from "../app/transactions.ts";
import type { Config } from "../config/config.ts";
import { DatabaseError } from "../database/database.ts";
import { openWebhooks } from "../events/open-webhooks.ts";
import { type JobServices, jobHandlers } from "./job-handlers.ts";
import { createJobObserver } from "./job-observer.ts";
import type { JobObserver, JobQueue } from "./job-queue.ts";
import { jobTable } from "./job-table.ts";
import { Recurrence, recurringJobs } from "./recurring-jobs.ts";
import { SqliteJobQueue } from "./sqlite/sqlite-job-queue.ts";

/** The server's jobs: from here on transactions may enqueue them. */
export interface Jobs {
  readonly queue: JobQueue;
  /** Runs them in this process. */
  start(): Promise<void>;
  /** Takes no more; what still runs after `patienceMs` is aborted and goes back. Transactions may go on to enqueue. */
  stop(patienceMs: number): Promise<void>;
  close(): Promise<void>;
}

/** @param signal gives up the wait for a database that hangs, or for another node */
export async function openJobs(services: JobServices, signal?: AbortSignal): Promise<Jobs> {
  const { config, database, metrics } = services;
  const observer = createJobObserver(services);
  const queue = await openQueue(config, database, observer, signal);
  metrics.watchJobs(() => queue.depths());
  // Jobs that this process has put into the queue run at once, instead of at the queue's next look.
  const deafen = database.listen((name) => queue.wake(name));
  const webhooks = openWebhooks(services);
  let recurrence: Recurrence | undefined;

  async function enqueueRecurring(jobs: ReturnType<typeof recurringJobs>): Promise<void> {
    try {
      await database.run("enqueueRecurringJobs", { jobs });
    } catch (error) {
      observer.troubled(error);
    }
  }

  return {
    queue,
    async start() {
      await queue.start(jobHandlers(services, webhooks, queue));
      const jobs = recurringJobs(config);
      recurrence = new Recurrence(jobs, () => enqueueRecurring(jobs));
    },
    async stop(patienceMs) {
      await recurrence?.close();
      await queue.stop(patienceMs);
    },
    async close() {
      await recurrence?.close();
      deafen();
      await queue.close();
      await webhooks.close();
    },
  };
}

async function openQueue(
  { databaseUrl, limits }: Config,
  database: SluiceDatabase,
  observer: JobObserver,
  signal: AbortSignal | undefined,
): Promise<JobQueue> {
  if (databaseUrl === undefined) return new SqliteJobQueue(database, jobTable, observer);
  // Loaded only where it is needed: it is a good part of the time that a start takes.
  const { PostgresJobQueue } = await import("./postgres/postgres-job-queue.ts");
  const options = { url: databaseUrl, limits, connection: database.reader, table: jobTable, observer, signal };
  try {
    return await PostgresJobQueue.open(options);
  } catch (error) {
    signal?.throwIfAborted();
    throw new DatabaseError("Can't open the job queue; its user must be allowed to make a schema", { cause: error });
  }
}
