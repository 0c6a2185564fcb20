import { countOpenSessions } from "../database/repositories/open-sessions.ts";
import { openWebhooks } from "../events/jobs.ts";
import { handlerOf, recurringJobs, tableOf } from "../jobs/job-list.ts";
import { createJobObserver } from "../jobs/job-observer.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { openQueue } from "../jobs/open-queue.ts";
import type { RecurringJob } from "../jobs/recurring-jobs.ts";
import { enqueueRecurringJobs, Recurrence } from "../jobs/recurring-jobs.ts";
import { openFingerprintQueue } from "../library/similar/hash-pictures.ts";
import { type JobServices, jobs } from "./jobs.ts";

/** The server's jobs. From here on transactions may enqueue them. */
export interface Jobs {
  readonly queue: JobQueue;
  /** Runs the jobs in this process. */
  start(): Promise<void>;
  /**
   * Starts no more jobs. A job that still runs after `patienceMs` is aborted and goes back into the queue. Transactions
   * may go on to enqueue jobs.
   */
  stop(patienceMs: number): Promise<void>;
  close(): Promise<void>;
}

/** @param signal ends the wait for a database that hangs, or for another node */
export async function openJobs(services: JobServices, signal?: AbortSignal): Promise<Jobs> {
  const { config, database, metrics } = services;
  const observer = createJobObserver(services);
  const queue = await openQueue(services, tableOf(jobs, config.limits), observer, signal);
  metrics.watchJobs(() => queue.depths());
  metrics.watchOpenUploads(() => countOpenSessions(database.reader));
  // Jobs that this process has put into the queue run at once, instead of when the queue is next polled.
  const deafen = database.listen((name) => queue.wake(name));
  const webhooks = openWebhooks(services);
  const deps = { ...services, webhooks, queue, fingerprints: openFingerprintQueue() };
  let recurrence: Recurrence | undefined;

  async function enqueueRecurring(recurring: readonly RecurringJob[]): Promise<void> {
    try {
      await database.run(enqueueRecurringJobs, { jobs: recurring });
    } catch (error) {
      observer.troubled(error);
    }
  }

  return {
    queue,
    async start() {
      await queue.start(handlerOf(jobs, deps));
      const recurring = recurringJobs(jobs, deps);
      recurrence = new Recurrence(recurring, () => enqueueRecurring(recurring));
    },
    async stop(patienceMs) {
      await Promise.all([recurrence?.close(), queue.stop(patienceMs)]);
    },
    async close() {
      deafen();
      await Promise.all([recurrence?.close(), queue.close()]);
      await webhooks.close();
    },
  };
}
