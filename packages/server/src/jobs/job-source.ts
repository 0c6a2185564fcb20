import type { RawBuilder } from "kysely";
import type { FailedJob } from "../database/connection.ts";
import type { JobOwner } from "./job.ts";

/** The jobs of one name, which may belong to accounts. */
export interface OwnedKind {
  readonly name: string;
  /** The job has failed for good after one run more. */
  readonly retries: number;
  readonly owners: readonly JobOwner[];
  /** The member of the input by which the job's progress is found, if the job tells it. */
  readonly progressBy?: string;
}

export type JobState = "waiting" | "running" | "failed";

/** A job of one state. */
export interface AccountJobRow extends FailedJob {
  readonly input: Readonly<Record<string, unknown>>;
  /** The time by which they are sorted: at which a waiting job is due, a running job was created, or a failed job failed. */
  readonly at: number;
  readonly attempts: number;
  readonly error: string | null;
  readonly createdAt: number;
}

/** Says how the table of a queue is read. */
export interface JobSource {
  /**
   * A query for jobs of one name and state, the first `limit` in the order of the queue. Its columns are those of
   * `AccountJobRow`.
   */
  readonly jobs: (of: {
    readonly name: string;
    readonly state: JobState;
    /** A condition on the column `lane` of the table. */
    readonly lanes: RawBuilder<unknown>;
    readonly limit: number;
  }) => RawBuilder<unknown>;
  readonly lane: RawBuilder<unknown>;
  /** A member of the input of `job`, as text. */
  readonly member: (name: string) => RawBuilder<unknown>;
}
