import type { QueueDepth } from "./job-queue.ts";
import type { JobTable } from "./job-rules.ts";

export interface JobCount {
  readonly name: string;
  readonly state: string;
  readonly count: number;
  /** Seconds since the first of these jobs was due; negative when that time is still to come. */
  readonly overdue: number;
}

/** Returns one row for each job of the table, including those with nothing to do. */
export function depthsOf(table: JobTable, counts: readonly JobCount[]): QueueDepth[] {
  const rowOf = (name: string, state: string) => counts.find((row) => row.name === name && row.state === state);
  return Object.keys(table).map((name) => ({
    name,
    waiting: rowOf(name, "waiting")?.count ?? 0,
    active: rowOf(name, "active")?.count ?? 0,
    dead: rowOf(name, "dead")?.count ?? 0,
    overdue: Math.max(0, rowOf(name, "waiting")?.overdue ?? 0),
  }));
}
