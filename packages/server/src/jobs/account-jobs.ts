import { SluiceError } from "@sluice/protocol";
import type { JobObject, JobQueues } from "@sluice/protocol/schemas";
import type { Database } from "../database/database.ts";
import { countAccountJobs, type JobPosition, pageAccountJobs } from "./account-job-queries.ts";
import { retryAccountJobs } from "./account-job-transactions.ts";
import { reasonForAccounts } from "./describe-failure.ts";
import type { AccountJobRow, JobState, OwnedKind } from "./job-source.ts";
import { findProgressOf } from "./progress/find-progress.ts";
import type { JobProgress } from "./progress/report-progress.ts";

export interface AccountJobDeps {
  readonly database: Database;
  /** The kinds of jobs that may belong to an account. */
  readonly jobKinds: readonly OwnedKind[];
}

export interface JobListing {
  readonly state: JobState;
  readonly name: string | undefined;
  readonly after: JobPosition | undefined;
  readonly limit: number;
}

/** A page of an account's jobs in one state, and the position of its last job where more follow. */
export async function listAccountJobs(
  { database, jobKinds }: AccountJobDeps,
  accountId: string,
  { state, name, after, limit }: JobListing,
): Promise<{ readonly jobs: JobObject[]; readonly next: JobPosition | undefined }> {
  const kinds = name === undefined ? jobKinds : jobKinds.filter((kind) => kind.name === name);
  const found = await pageAccountJobs(database.reader, { kinds, accountId, state, after, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const progress = await findProgressOf(database.reader, kinds, shown);
  return {
    jobs: shown.map((row) => jobObject(row, state, kinds, progress.get(row))),
    next: found.length > limit ? shown.at(-1) : undefined,
  };
}

/** Counts an account's jobs by their kinds. */
export async function countJobsOfAccount(
  { database, jobKinds: kinds }: AccountJobDeps,
  accountId: string,
): Promise<JobQueues> {
  const count = (state: JobState) => countAccountJobs(database.reader, { kinds, accountId, state });
  const [waiting, running, failed] = await Promise.all([count("waiting"), count("running"), count("failed")]);
  const of = (counts: Awaited<ReturnType<typeof count>>, name: string) => counts.find((one) => one.name === name);
  return {
    queues: kinds.map(({ name }) => {
      const first = of(waiting, name)?.first ?? null;
      return {
        name,
        waiting: of(waiting, name)?.count ?? 0,
        running: of(running, name)?.count ?? 0,
        failed: of(failed, name)?.count ?? 0,
        oldestDueAt: first === null ? null : timeOf(first),
      };
    }),
    isComplete: [...waiting, ...running, ...failed].every(({ isComplete }) => isComplete),
  };
}

/**
 * Makes failed jobs of the account run again, one or all of a kind.
 * @returns how many there were
 * @throws SluiceError JOB_NOT_FOUND
 */
export async function retryFailedJobs(
  { database, jobKinds: kinds }: AccountJobDeps,
  accountId: string,
  which: { readonly id: string } | { readonly name: string },
): Promise<number> {
  const retried = await database.run(retryAccountJobs, { kinds, accountId, which });
  if (retried === 0 && "id" in which) throw new SluiceError("JOB_NOT_FOUND");
  return retried;
}

/** The members of an input that are ids of the account's own. */
const subjects = ["eventId", "endpointId", "runId", "jobId", "purgeId", "fileId", "versionId"] as const;

function jobObject(
  row: AccountJobRow,
  state: JobState,
  kinds: readonly OwnedKind[],
  progress: JobProgress | undefined,
): JobObject {
  const { id, name, input, at, attempts, error, createdAt } = row;
  const retries = kinds.find((kind) => kind.name === name)?.retries ?? 0;
  const subject = subjects.flatMap((member) => {
    const value = input[member];
    return typeof value === "string" ? [[member, value] as const] : [];
  });
  return {
    id,
    name,
    state,
    attempts,
    maxAttempts: retries + 1,
    createdAt: timeOf(createdAt),
    dueAt: state === "waiting" ? timeOf(at) : null,
    failedAt: state === "failed" ? timeOf(at) : null,
    progress: progress ?? null,
    reason: error === null ? null : reasonForAccounts(error),
    subject: Object.fromEntries(subject),
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
