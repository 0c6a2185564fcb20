import type { Connection } from "../../database/database.ts";
import {
  deleteDeadJobs,
  deleteSlotlessJob,
  findDueJobs,
  findDueJobsInLane,
  hasLivingRun,
  type JobChange,
  type JobRow,
  reviveDeadJobs,
  updateJob,
} from "../../database/repositories/jobs.ts";
import { deadLetterDays } from "../job-table.ts";

const dayMs = 24 * 3600 * 1000;

/** The scripts with which SQLite's queue takes jobs and ends them, by the machine's clock, in the one writer. */

export interface ClaimRule {
  readonly name: string;
  /** How many more the process can run. */
  readonly free: number;
  readonly retries: number;
  readonly leaseMs: number;
  readonly singleton: boolean;
  /** Where its jobs have lanes: those to take from, and how many of each. */
  readonly lanes?: readonly { readonly lane: string; readonly free: number }[];
}

export interface ClaimedJobs {
  /** The caller's for the length of the lease, with `attempts` counting this run. */
  readonly claimed: readonly JobRow[];
  /** Their worker died in the last of their runs: dead letters now. */
  readonly buried: readonly JobRow[];
}

export async function claimJobs(
  connection: Connection,
  { rules }: { readonly rules: readonly ClaimRule[] },
): Promise<ClaimedJobs> {
  const now = Date.now();
  const claimed: JobRow[] = [];
  const buried: JobRow[] = [];
  for (const rule of rules) {
    if (rule.singleton && (await hasLivingRun(connection, rule.name, now))) continue;
    for (const row of await findDueFor(connection, rule, now)) {
      if (row.attempts > rule.retries) {
        const error = "the worker died";
        await bury(connection, row, error, now);
        buried.push({ ...row, error });
      } else {
        const change = { state: "active", due_at: now + rule.leaseMs, attempts: row.attempts + 1 } as const;
        await updateJob(connection, row, change);
        claimed.push({ ...row, ...change });
      }
    }
  }
  return { claimed, buried };
}

async function findDueFor(connection: Connection, rule: ClaimRule, now: number): Promise<JobRow[]> {
  const { name, free, lanes } = rule;
  if (lanes === undefined) return findDueJobs(connection, name, now, rule.singleton ? 1 : free);
  const rows: JobRow[] = [];
  for (const { lane, free: freeInLane } of lanes) {
    const limit = Math.min(freeInLane, free - rows.length);
    if (limit > 0) rows.push(...(await findDueJobsInLane(connection, { name, lane, now, limit })));
  }
  return rows;
}

export interface JobRun {
  readonly id: string;
  readonly attempts: number;
}

/** @returns false when the lease had run out and somebody else has the job, or had it */
export async function extendJobLease(
  connection: Connection,
  { leaseMs, ...run }: JobRun & { readonly leaseMs: number },
): Promise<boolean> {
  return updateJob(connection, { ...run, state: "active" }, { due_at: Date.now() + leaseMs });
}

export type JobEnding =
  | { readonly outcome: "done" | "returned" }
  | { readonly outcome: "failed"; readonly error: string; readonly retryInMs: number }
  | { readonly outcome: "dead"; readonly error: string };

/** @returns false when it was not the caller's job any more: nothing has changed then */
export async function endJob(
  connection: Connection,
  { ending, ...run }: JobRun & { readonly ending: JobEnding },
): Promise<boolean> {
  if (ending.outcome === "done" && (await deleteSlotlessJob(connection, run))) return true;
  const now = Date.now();
  const row = { ...run, state: "active" } as const;
  if (ending.outcome === "dead") return bury(connection, row, ending.error, now);
  return updateJob(connection, row, changeFor(ending, run, now));
}

/** @returns how many are to run again */
export function retryDeadJobs(
  connection: Connection,
  which: { readonly id: string } | { readonly name: string },
): Promise<number> {
  return reviveDeadJobs(connection, which, Date.now());
}

/** Each new dead letter takes the place of those that are too old, so that they don't add up. */
async function bury(
  connection: Connection,
  row: Pick<JobRow, "id" | "state" | "attempts">,
  error: string,
  now: number,
): Promise<boolean> {
  await deleteDeadJobs(connection, now - deadLetterDays * dayMs);
  return updateJob(connection, row, { state: "dead", error, ended_at: now });
}

function changeFor(ending: Exclude<JobEnding, { outcome: "dead" }>, { attempts }: JobRun, now: number): JobChange {
  switch (ending.outcome) {
    case "done":
      return { state: "done", ended_at: now };
    case "returned":
      // It was cut short through no fault of its own, so that run doesn't count.
      return { state: "waiting", due_at: now, attempts: attempts - 1 };
    case "failed":
      return { state: "waiting", due_at: now + ending.retryInMs, error: ending.error };
  }
}
