import type { UsedTime } from "../database/repositories/job-turns.ts";
import type { RunningJob } from "./job-queue.ts";
import type { JobRules } from "./job-rules.ts";

/** The time that a run has used, for a job that is shared out fairly among accounts. */
export function usedTime(
  { fairBy }: Pick<JobRules, "fairBy">,
  { input }: Pick<RunningJob, "input">,
  ms: number,
): UsedTime | undefined {
  const accountId = fairBy === undefined ? undefined : (input as Readonly<Record<string, unknown>>)[fairBy];
  return typeof accountId === "string" ? { accountId, ms } : undefined;
}
