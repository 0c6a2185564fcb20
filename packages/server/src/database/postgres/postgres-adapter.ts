import { PostgresAdapter } from "kysely";
import type { NewJob } from "../../jobs/enqueue-job.ts";
import type { Connection } from "../database.ts";

/** Puts a job into the transaction of the connection. */
export type SendJob = (connection: Connection, job: NewJob) => Promise<boolean>;

/** The same for many, in as few statements as there are names. */
export type SendJobs = (connection: Connection, jobs: readonly NewJob[]) => Promise<void>;

/** What all connections to one database have in common: compiled queries are kept by it, and it leads to the job queue. */
export class SluicePostgresAdapter extends PostgresAdapter {
  /** Set while the queue is open. */
  sendJob: SendJob | undefined;
  sendJobs: SendJobs | undefined;
}
