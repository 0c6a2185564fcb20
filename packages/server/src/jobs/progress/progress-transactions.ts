import type { Connection } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import {
  deleteJobProgress,
  deleteOldJobProgress,
  type JobProgressKey,
  type JobProgressRow,
  setJobProgress,
} from "../../database/repositories/job-progress.ts";
import { deadLetterDays } from "../job-rules.ts";

const dayMs = 24 * 3600 * 1000;

/**
 * Records how far a job is. An account that is being erased gets no more rows.
 * @param isFirst whether the run has recorded nothing before. What jobs have left whose workers died in their last run
 * goes with that.
 */
export async function recordJobProgress(
  connection: Connection,
  { row, isFirst }: { readonly row: JobProgressRow; readonly isFirst: boolean },
): Promise<void> {
  if (!(await holdActiveAccount(connection, row.account_id))) return;
  if (isFirst) await deleteOldJobProgress(connection, row.updated_at - deadLetterDays * dayMs);
  await setJobProgress(connection, row);
}

export async function forgetJobProgress(connection: Connection, key: JobProgressKey): Promise<void> {
  await deleteJobProgress(connection, key);
}
