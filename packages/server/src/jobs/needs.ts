import type { Logger } from "pino";
import type { Database } from "../database/database.ts";
import type { PoolLimits } from "../database/postgres/pool.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { removeBossJobs, removeQueuedJobs } from "./account-job-transactions.ts";
import type { enqueueRecurringJobs } from "./recurring-transactions.ts";
import type { extendJobLease, retryDeadJobs, turnJobs } from "./sqlite/job-transactions.ts";

/** The parts that the composition root gives the queue. */
export interface JobsNeeds {
  readonly config: {
    /** The URL is absent where the queue is a table in SQLite. */
    readonly databaseUrl?: string | undefined;
    readonly limits: PoolLimits;
  };
  readonly database: Database<{
    readonly enqueueRecurringJobs: typeof enqueueRecurringJobs;
    readonly turnJobs: typeof turnJobs;
    readonly extendJobLease: typeof extendJobLease;
    readonly retryDeadJobs: typeof retryDeadJobs;
    readonly removeQueuedJobs: typeof removeQueuedJobs;
    readonly removeBossJobs: typeof removeBossJobs;
  }>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "jobs">;
}
