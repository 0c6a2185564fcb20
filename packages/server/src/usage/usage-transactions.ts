import type { Connection } from "../database/database.ts";
import { type DeliveryCount, findActiveAccountIds, setDeliveryCounts } from "../database/repositories/usage.ts";

/** The count of a process for one account, by the first segment of its delivery URLs. */
export interface CountedDeliveries extends DeliveryCount {
  readonly imagekitId: string;
}

/** Records the totals of one process. Those of accounts that are gone, or are being erased, are dropped. */
export async function recordDeliveries(
  connection: Connection,
  { source, counts }: { readonly source: string; readonly counts: readonly CountedDeliveries[] },
): Promise<void> {
  const ids = await findActiveAccountIds(connection, [...new Set(counts.map(({ imagekitId }) => imagekitId))]);
  const rows = counts.flatMap(({ imagekitId, ...count }) => {
    const accountId = ids.get(imagekitId);
    return accountId === undefined ? [] : [{ ...count, accountId }];
  });
  await setDeliveryCounts(connection, source, rows);
}
