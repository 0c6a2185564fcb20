import type { Connection } from "../../database/database.ts";
import { deleteDeadJobs, reviveDeadJobs } from "../../database/repositories/dead-jobs.ts";
import {
  claimJob,
  findDueJobs,
  findDueLanes,
  findFairJobs,
  hasLivingRun,
} from "../../database/repositories/due-jobs.ts";
import { chargeTime, type UsedTime } from "../../database/repositories/job-turns.ts";
import {
  changeJob,
  deleteSlotlessJob,
  type JobChange,
  type JobRow,
  type JobRun,
} from "../../database/repositories/jobs.ts";
import { deadLetterDays } from "../job-rules.ts";

const dayMs = 24 * 3600 * 1000;

/** The scripts with which SQLite's queue takes jobs and ends them, by the machine's clock, in the one writer. */

export interface ClaimRule {
  readonly name: string;
  /** The number of further jobs that the process can run. */
  readonly free: number;
  readonly retries: number;
  readonly leaseMs: number;
  readonly singleton: boolean;
  /** The member of the input by which jobs are shared out fairly among accounts. */
  readonly fairBy?: string;
  /** The member is set where the jobs have lanes. */
  readonly lanes?: {
    /**
     * The number of jobs of one lane that the process may run at a time, and the number of each lane that it already
     * runs.
     */
    readonly maxRunning: number;
    readonly running: ReadonlyMap<string, number>;
  };
}

export type JobEnding =
  | { readonly outcome: "done" | "returned" }
  | { readonly outcome: "failed"; readonly error: string; readonly retryInMs: number }
  | { readonly outcome: "dead"; readonly error: string };

export interface JobTurn {
  readonly endings: readonly (JobRun & { readonly ending: JobEnding; readonly used?: UsedTime | undefined })[];
  readonly rules: readonly ClaimRule[];
}

export interface JobTurnOutcome {
  /**
   * One entry for each ending, in their order. It is false when the job was no longer the caller's, and nothing has
   * changed.
   */
  readonly ours: readonly boolean[];
  /** Jobs that are the caller's for the length of the lease. `attempts` counts this run. */
  readonly claimed: readonly JobRow[];
  /** The number of milliseconds for which the longest due of the claimed jobs has been due. */
  readonly overdueMs: number;
  /** Jobs whose worker died in their last run. They are dead letters now. */
  readonly buried: readonly JobRow[];
}

/** Records how runs have ended, and takes jobs to run next, all in one transaction. */
export async function turnJobs(connection: Connection, { endings, rules }: JobTurn): Promise<JobTurnOutcome> {
  const now = Date.now();
  const ours: boolean[] = [];
  for (const { used, ...ending } of endings) {
    ours.push(await endJob(connection, ending, now));
    if (used !== undefined) await chargeTime(connection, used, now);
  }
  const claimed: JobRow[] = [];
  const buried: JobRow[] = [];
  let overdueMs = 0;
  for (const rule of rules) {
    for (const row of await findDueFor(connection, rule, now)) {
      if (row.attempts > rule.retries) {
        const error = "the worker died";
        await bury(connection, row, error, now);
        buried.push({ ...row, error });
      } else {
        const due_at = now + rule.leaseMs;
        if (!(await claimJob(connection, row, due_at))) continue;
        overdueMs = Math.max(overdueMs, now - row.due_at);
        claimed.push({ ...row, state: "active", due_at, attempts: row.attempts + 1 });
      }
    }
  }
  return { ours, claimed, overdueMs, buried };
}

turnJobs.makesRoom = true;

/**
 * Finds the due jobs to take. Lanes come in random order, so that where there are more lanes than can run at once each
 * gets its turn.
 */
async function findDueFor(connection: Connection, rule: ClaimRule, now: number): Promise<JobRow[]> {
  const { name, singleton, lanes: bound } = rule;
  if (singleton && (await hasLivingRun(connection, name, now))) return [];
  const free = singleton ? 1 : rule.free;
  if (rule.fairBy !== undefined) return findFairJobs(connection, { name, member: rule.fairBy, now, limit: free });
  const rows: JobRow[] = [];
  for (const lane of shuffled(await findDueLanes(connection, { name, now }))) {
    const room = bound === undefined ? free : bound.maxRunning - (bound.running.get(lane) ?? 0);
    const limit = Math.min(room, free - rows.length);
    if (limit > 0) rows.push(...(await findDueJobs(connection, { name, lane, now, limit })));
  }
  return rows;
}

/** Whether a job of that name can be taken now. */
export async function hasDueJobs(connection: Connection, name: string, now: number): Promise<boolean> {
  return (await findDueLanes(connection, { name, now, limit: 1 })).length > 0;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const drawn = items.map((item) => ({ item, order: Math.random() }));
  return drawn.sort((one, other) => one.order - other.order).map(({ item }) => item);
}

/** @returns false when the lease had run out and another worker has the job, or had it */
export async function extendJobLease(
  connection: Connection,
  { leaseMs, ...run }: JobRun & { readonly leaseMs: number },
): Promise<boolean> {
  return changeJob(connection, { ...run, state: "active" }, { due_at: Date.now() + leaseMs });
}

extendJobLease.makesRoom = true;

async function endJob(
  connection: Connection,
  { ending, ...run }: Omit<JobTurn["endings"][number], "used">,
  now: number,
): Promise<boolean> {
  if (ending.outcome === "done" && (await deleteSlotlessJob(connection, run))) return true;
  const row = { ...run, state: "active" } as const;
  if (ending.outcome === "dead") return bury(connection, row, ending.error, now);
  return changeJob(connection, row, changeFor(ending, run, now));
}

/** @returns how many jobs are to run again */
export function retryDeadJobs(
  connection: Connection,
  which: { readonly id: string } | { readonly name: string },
): Promise<number> {
  return reviveDeadJobs(connection, which, Date.now());
}

/** Makes the job a dead letter. Each time, dead letters that are too old are deleted, so that they don't add up. */
async function bury(
  connection: Connection,
  row: Parameters<typeof changeJob>[1],
  error: string,
  now: number,
): Promise<boolean> {
  await deleteDeadJobs(connection, now - deadLetterDays * dayMs);
  return changeJob(connection, row, { state: "dead", error, ended_at: now });
}

function changeFor(ending: Exclude<JobEnding, { outcome: "dead" }>, { attempts }: JobRun, now: number): JobChange {
  switch (ending.outcome) {
    case "done":
      return { state: "done", ended_at: now };
    case "returned":
      // The job was cut short through no fault of its own, so this run doesn't count.
      return { state: "waiting", due_at: now, attempts: attempts - 1 };
    case "failed":
      return { state: "waiting", due_at: now + ending.retryInMs, error: ending.error };
  }
}
