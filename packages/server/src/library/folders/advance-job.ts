import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { type BulkJobRow, findBulkJob, updateBulkJob } from "../../database/repositories/bulk-jobs.ts";
import { findEventContext } from "../../events/event-context.ts";
import type { StartAgain } from "../versions/enter-version.ts";
import { endJob, problemOf } from "./end-job.ts";
import type { FolderJob, Position, StepContext, StepResult } from "./job-position.ts";
import { copyStep } from "./steps/copy-step.ts";
import { deleteStep } from "./steps/delete-step.ts";
import { moveStep } from "./steps/move-step.ts";

const steps = {
  COPY_FOLDER: copyStep,
  MOVE_FOLDER: moveStep,
  RENAME_FOLDER: moveStep,
  DELETE_FOLDER: deleteStep,
} as const satisfies Record<
  BulkJobRow["type"],
  (connection: Connection, job: FolderJob, context: StepContext) => Promise<StepResult>
>;

/** Does the next step of a job, in the transaction that has locked the account. */
export function takeStep(connection: Connection, job: FolderJob, context: StepContext): Promise<StepResult> {
  return steps[job.type](connection, job, context);
}

export interface StepToTake {
  readonly jobId: string;
  /** The server's limit, for an account without a limit of its own; 0 for none. */
  readonly storageLimit: number;
  readonly now: number;
}

/** A job of which a step has been done, and others are left. */
export interface UnderWay {
  readonly outcome: "under way";
  readonly job: Pick<BulkJobRow, "account_id" | "type" | "done" | "total">;
}

/**
 * Does one step of a job and writes where the job is now, so that each step is done once, whoever does it. The account
 * is locked meanwhile: folder operations of one account come one after the other, and uploads go on.
 */
export async function advanceFolderJob(
  connection: Connection,
  { jobId, storageLimit, now }: StepToTake,
): Promise<"ended" | UnderWay | StartAgain> {
  const found = await findBulkJob(connection, jobId);
  if (found === undefined) return "ended";
  const account = await lockAccount(connection, { id: found.account_id });
  // Another worker may have taken a step while this one waited for the lock.
  const job = await findBulkJob(connection, jobId);
  if (job === undefined || job.status === "Completed") return "ended";
  if (account?.status !== "active") {
    await endJob(connection, job, { reason: "ACCOUNT_DISABLED" }, now);
    return "ended";
  }
  const events = await findEventContext(connection, job.account_id, job.public_url);
  const before = { ...job, position: JSON.parse(job.progress) as Position };
  const { position, done, finished, problem } = await takeStep(connection, before, { events, storageLimit, now });
  const after = { ...job, done: job.done + done };
  await updateBulkJob(connection, jobId, { progress: JSON.stringify(position), done: after.done });
  const { account_id, type, total } = job;
  if (!finished) return { outcome: "under way", job: { account_id, type, done: after.done, total } };
  await endJob(connection, after, problemOf(position, problem), now);
  return "ended";
}

advanceFolderJob.makesRoom = async ({ jobId }: StepToTake, connection: Connection) =>
  (await findBulkJob(connection, jobId))?.type === "DELETE_FOLDER";

/** Ends a job that can't go on. What it has done stays, and its paths are free again. */
export async function failFolderJob(
  connection: Connection,
  { jobId, now }: { readonly jobId: string; readonly now: number },
): Promise<void> {
  const found = await findBulkJob(connection, jobId);
  if (found === undefined) return;
  await lockAccount(connection, { id: found.account_id });
  const job = await findBulkJob(connection, jobId);
  if (job?.status === "Pending") await endJob(connection, job, { reason: "FAILED" }, now);
}

failFolderJob.makesRoom = true;
