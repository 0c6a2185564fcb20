import { createJobObserver } from "./job-observer.ts";
import type { JobsNeeds } from "./needs.ts";
import type { JobSender } from "./postgres/postgres-job-sender.ts";

export type { JobSender } from "./postgres/postgres-job-sender.ts";

/**
 * Opens the sender of a process that runs no jobs, beside one that has opened their queue. From here on the process's
 * transactions may enqueue jobs. On SQLite they always may, since the queue is a table of the same database.
 */
export async function openJobSender(services: Omit<JobsNeeds, "config">): Promise<JobSender> {
  if (services.database.reader.engine.externalQueue === undefined) return { close: async () => undefined };
  const { openPostgresJobSender } = await import("./postgres/postgres-job-sender.ts");
  return openPostgresJobSender(services.database.reader, createJobObserver(services));
}
