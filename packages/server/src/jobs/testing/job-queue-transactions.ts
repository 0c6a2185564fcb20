import type { OutboxJob } from "../../database/connection.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import {
  type CommitUploadInput,
  type CommitUploadOutcome,
  commitUpload,
} from "../../upload/store/commit-transaction.ts";
import { enqueueJobs, insertJob } from "../enqueue-job.ts";

export interface AccountWithJob {
  readonly id: string;
  readonly job: OutboxJob;
  readonly ending?: "throw" | "roll back";
}

/** A script that changes something and enqueues a job in the same transaction. */
export async function addAccountWithJob(connection: Connection, { id, job, ending }: AccountWithJob): Promise<boolean> {
  await connection.insertInto("accounts").values({ id, imagekit_id: id, status: "active", created_at: 1 }).execute();
  const enqueued = await insertJob(connection, job);
  if (ending === "throw") throw new Error("thrown on purpose");
  if (ending === "roll back") throw new Rollback(false);
  return enqueued;
}

/** An upload with a job in its transaction. */
export async function commitUploadWithJob(
  connection: Connection,
  { upload, job }: { readonly upload: CommitUploadInput; readonly job: OutboxJob },
): Promise<CommitUploadOutcome> {
  await insertJob(connection, job);
  return commitUpload(connection, upload);
}

export async function enqueueTestJobs(
  connection: Connection,
  { jobs }: { readonly jobs: readonly OutboxJob[] },
): Promise<void> {
  // The tests' names are not in the job table.
  await enqueueJobs(connection, jobs as never);
}

export function enqueueTestJob(connection: Connection, job: OutboxJob): Promise<boolean> {
  return insertJob(connection, job);
}
