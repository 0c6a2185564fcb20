import { listAccountIds } from "../database/repositories/accounts.ts";
import { madeForOneOf } from "../delivery/derived/derived-key.ts";
import type { SweptFolder } from "../delivery/derived/sweep-folder.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * Removes from this machine's derived files those that were made for accounts that are erased by now, then what is beyond
 * the budget.
 */
export async function sweepDerivedFolder(
  { database, derived }: Pick<MaintenanceNeeds, "database" | "derived">,
  signal: AbortSignal,
): Promise<Pick<SweptFolder, "removed">> {
  const isOwned = madeForOneOf(await listAccountIds(database.reader));
  const dropped = await derived.drop((key) => !isOwned(key), signal);
  const swept = await derived.sweep(signal);
  return { removed: dropped + (swept?.removed ?? 0) };
}
