import { jobKind } from "../../jobs/job.ts";

/** Deletes what a request to empty a trash has left. */
export interface EmptyTrashInput {
  readonly accountId: string;
  /** Files that were put into the trash later stay there; Unix milliseconds. */
  readonly until: number;
}

export const emptyTrashKind = jobKind<EmptyTrashInput>("empty-trash");
