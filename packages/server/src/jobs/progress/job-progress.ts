/** The part of its work that a job has done. */
export interface JobProgress {
  /** A number from 0 to 1. */
  readonly fraction: number;
  /** A sentence for people, in English. */
  readonly message: string;
}

/** Tells how far a job of the account is. It costs nothing, so it may be called as often as there is something to tell. */
export type ReportProgress = (accountId: string, progress: JobProgress) => void;
