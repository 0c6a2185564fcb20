import type { JobRules } from "./job-rules.ts";

/**
 * The rules of jobs that look through all data. They take long and run alone, and it does no harm when one is left to
 * the next.
 */
const rules = {
  retries: 3,
  backoff: { firstSeconds: 30, maxSeconds: 600 },
  leaseSeconds: 60,
  runSeconds: 6 * 3600,
  singleton: true,
  concurrency: 1,
  whenStopped: "returns",
} as const satisfies JobRules;

export interface SweepingDeps {
  readonly config: { readonly limits: { readonly sweepIntervalMs: number } };
}

/** These jobs have in common that they recur after the sweep's interval and belong to no account. */
export const sweeping = {
  ...rules,
  owners: [],
  everyMs: ({ config }: SweepingDeps): number => config.limits.sweepIntervalMs,
} as const;
