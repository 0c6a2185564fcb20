import type { JobRules, JobTable } from "../job-rules.ts";

const quick: JobRules = {
  retries: 2,
  backoff: { firstSeconds: 1, maxSeconds: 1 },
  leaseSeconds: 10,
  runSeconds: 60,
  singleton: false,
  concurrency: 4,
  whenStopped: "finishes",
};

/** Jobs with which the queues themselves are tested. */
export const testJobs = {
  plain: quick,
  once: { ...quick, retries: 0 },
  /** A job that has too little time. */
  hasty: { ...quick, retries: 0, runSeconds: 1 },
  alone: { ...quick, singleton: true },
  /** A job whose next attempt would come late. */
  stepwise: { ...quick, retries: 1, backoff: { firstSeconds: 60, maxSeconds: 60 }, whenStopped: "returns" },
  /** Jobs of one lane leave room for those of another. */
  laned: { ...quick, laneConcurrency: 2 },
  /** Jobs that other processes run. */
  elsewhere: { ...quick, concurrency: 0 },
  /** Jobs that accounts take turns with. */
  fair: { ...quick, concurrency: 1, fairBy: "accountId" },
} as const satisfies JobTable;
