import type { Connection } from "../database/database.ts";
import { findActiveAccountIds, setDeliveryCounts, setEventCounts } from "../database/repositories/usage.ts";
import type { Counted } from "./counted.ts";

/** The total of one counter of a process. */
export interface UsageTotal extends Counted {
  readonly requests: number;
  readonly bytes: number;
}

/** Records the totals of one process. Those of accounts that are gone, or are being erased, are dropped. */
export async function recordUsage(
  connection: Connection,
  { source, counts }: { readonly source: string; readonly counts: readonly UsageTotal[] },
): Promise<void> {
  const active = await findActiveAccountIds(connection, [...new Set(counts.map(({ accountId }) => accountId))]);
  const kept = counts.filter(({ accountId }) => active.has(accountId));
  const deliveries = kept.filter(isDelivery).map(({ what, name: type, ...count }) => {
    return { ...count, status: Number(what), type };
  });
  const events = kept
    .filter((count) => !isDelivery(count))
    .map(({ what: kind, requests: events, ...count }) => ({ ...count, kind, events }));
  await setDeliveryCounts(connection, source, deliveries);
  await setEventCounts(connection, source, events);
}

function isDelivery({ what }: UsageTotal): boolean {
  return /^\d/.test(what);
}
