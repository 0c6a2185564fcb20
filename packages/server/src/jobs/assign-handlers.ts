import type { JobHandler } from "./job-queue.ts";
import type { JobRecords } from "./job-table.ts";

export type NamedHandler = readonly [name: string, handler: JobHandler];

/**
 * Each job's one handler, by its name.
 * @throws when a job has none or two, or a handler no job: what is enqueued would lie there, or do the wrong thing
 */
export function assignHandlers(table: JobRecords, handlers: readonly NamedHandler[]): Map<string, JobHandler> {
  const assigned = new Map<string, JobHandler>();
  for (const [name, handler] of handlers) {
    if (!Object.hasOwn(table, name)) throw new Error(`A handler is for ${name}, which is no job.`);
    if (assigned.has(name)) throw new Error(`The job ${name} has two handlers.`);
    assigned.set(name, handler);
  }
  const missing = Object.keys(table).filter((name) => !assigned.has(name));
  if (missing.length > 0) throw new Error(`No handler for the jobs ${missing.join(", ")}.`);
  return assigned;
}
