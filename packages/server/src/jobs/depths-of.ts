import type { QueueDepth } from "./job-queue.ts";
import type { JobRecords } from "./job-table.ts";

/** One row for each job of the table, those with nothing to do included. */
export function depthsOf(
  table: JobRecords,
  counts: readonly { readonly name: string; readonly state: string; readonly count: number }[],
): QueueDepth[] {
  const countOf = (name: string, state: string) =>
    counts.find((row) => row.name === name && row.state === state)?.count ?? 0;
  return Object.keys(table).map((name) => ({
    name,
    waiting: countOf(name, "waiting"),
    active: countOf(name, "active"),
  }));
}
