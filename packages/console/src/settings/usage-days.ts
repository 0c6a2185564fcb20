import type { Answer } from "../api/routes.ts";

export type UsageDay = Answer<"GET /v1/accounts/usage-daily">["days"][number];

export function refusalsOf({ refusals }: UsageDay): number {
  return refusals.reduce((sum, { count }) => sum + count, 0);
}

/** Sums up the refusals of all days, the most frequent first. */
export function refusalsByReason(days: readonly UsageDay[]): UsageDay["refusals"] {
  const sums = new Map<string, UsageDay["refusals"][number]>();
  for (const refusal of days.flatMap(({ refusals }) => refusals)) {
    const name = `${refusal.kind} ${refusal.reason}`;
    sums.set(name, { ...refusal, count: refusal.count + (sums.get(name)?.count ?? 0) });
  }
  return [...sums.values()].sort((one, other) => other.count - one.count);
}

/** The figures as CSV: one line for each day, and a column for each reason of refusals. */
export function csvOf(days: readonly UsageDay[]): string {
  const reasons = refusalsByReason(days);
  const names = reasons.map(({ kind, reason }) => `refused:${kind}:${reason}`);
  const head = ["day", ...members, ...names];
  const rows = days.map((day) => [
    day.day,
    ...members.map((member) => day[member]),
    ...reasons.map(
      ({ kind, reason }) => day.refusals.find((one) => one.kind === kind && one.reason === reason)?.count ?? 0,
    ),
  ]);
  return [head, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

const members = [
  "uploadCount",
  "uploadBytes",
  "storedBytes",
  "requestCount",
  "bandwidthBytes",
  "cacheHitCount",
  "cacheMissCount",
] as const satisfies readonly (keyof UsageDay)[];
