import { createAccount } from "../../accounts/account-transactions.ts";
import type { Database, Transactions } from "../../database/database.ts";
import { extendJobLease, retryDeadJobs, turnJobs } from "../sqlite/job-transactions.ts";
import { addAccountWithJob, commitUploadWithJob, enqueueTestJob, enqueueTestJobs } from "./job-queue-transactions.ts";

/** The scripts that the tests of the queues run. */
export const transactions = {
  createAccount,
  addAccountWithJob,
  commitUploadWithJob,
  enqueueTestJob,
  enqueueTestJobs,
  turnJobs,
  extendJobLease,
  retryDeadJobs,
} as const satisfies Transactions;

export type TestDatabase = Database<typeof transactions>;
