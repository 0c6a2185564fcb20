import type { Logger } from "pino";
import type { Metrics } from "../observability/metrics.ts";
import { describeFailure } from "./describe-failure.ts";
import type { JobObserver, JobOutcome } from "./job-queue.ts";

const levels = { done: "debug", failed: "warn", dead: "error", returned: "info" } as const satisfies Record<
  JobOutcome,
  string
>;
/** A database that is gone is logged once in this time, not at every poll. */
const quietMs = 60_000;

export interface ObserverDeps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "jobs">;
}

/** Counts and logs what the queue reports. A job's input is not logged, since it may hold anything. */
export function createJobObserver({ logger, metrics }: ObserverDeps): JobObserver {
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    ended({ id, name, attempt }, outcome, error) {
      metrics.jobs.inc({ kind: name, outcome });
      logger[levels[outcome]]({ id, job: name, attempt, error }, `job ${outcome}`);
    },
    troubled(error) {
      if (performance.now() - toldAt < quietMs) return;
      toldAt = performance.now();
      logger.warn({ error: describeFailure(error) }, "the job queue failed and tries again");
    },
  };
}
