import type { JobRules } from "./job-rules.ts";

/** Milliseconds until the retry after that attempt, counted from 1: doubling, half of it by chance, as with pg-boss. */
export function retryDelayMs({ backoff }: JobRules, attempt: number, random = Math.random): number {
  const doubled = backoff.firstSeconds * 2 ** Math.min(16, attempt - 1);
  return 1000 * Math.min(backoff.longestSeconds, (doubled / 2) * (1 + random()));
}
