import type { JobRules } from "./job-rules.ts";

/**
 * Milliseconds until the retry after this attempt, counted from 1. The delay doubles, and half of it is random, as with
 * pg-boss.
 */
export function retryDelayMs({ backoff }: Pick<JobRules, "backoff">, attempt: number, random = Math.random): number {
  const doubled = backoff.firstSeconds * 2 ** Math.min(16, attempt - 1);
  return 1000 * Math.min(backoff.maxSeconds, (doubled / 2) * (1 + random()));
}
