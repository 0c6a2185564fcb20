import type { JobRules } from "./job-rules.ts";

/** Jobs that look through everything there is: long, alone, and no harm when one is left to the next. */
const rules = {
  retries: 3,
  backoff: { firstSeconds: 30, longestSeconds: 600 },
  leaseSeconds: 60,
  runSeconds: 6 * 3600,
  singleton: true,
  concurrency: 1,
} as const satisfies JobRules;

export interface SweepingNeeds {
  readonly config: { readonly limits: { readonly sweepIntervalMs: number } };
}

/** What such jobs have in common: they recur after the sweep's interval and belong to no account. */
export const sweeping = {
  ...rules,
  owners: [],
  everyMs: ({ config }: SweepingNeeds): number => config.limits.sweepIntervalMs,
} as const;
