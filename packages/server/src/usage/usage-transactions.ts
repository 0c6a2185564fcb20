import type { Connection } from "../database/database.ts";
import { type DeliveryCount, findActiveAccountIds, setDeliveryCounts } from "../database/repositories/usage.ts";

/** The count of a process for one account. */
export interface CountedDeliveries extends DeliveryCount {
  readonly accountId: string;
}

/** Records the totals of one process. Those of accounts that are gone, or are being erased, are dropped. */
export async function recordDeliveries(
  connection: Connection,
  { source, counts }: { readonly source: string; readonly counts: readonly CountedDeliveries[] },
): Promise<void> {
  const active = await findActiveAccountIds(connection, [...new Set(counts.map(({ accountId }) => accountId))]);
  await setDeliveryCounts(
    connection,
    source,
    counts.filter(({ accountId }) => active.has(accountId)),
  );
}
