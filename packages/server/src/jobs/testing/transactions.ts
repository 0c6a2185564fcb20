import type { Database } from "../../database/database.ts";

/* The scripts that the tests of the queues run. */

export { createAccount } from "../../accounts/account-transactions.ts";
export { extendJobLease, retryDeadJobs, turnJobs } from "../sqlite/job-transactions.ts";
export * from "./job-queue-transactions.ts";

export type TestDatabase = Database;
