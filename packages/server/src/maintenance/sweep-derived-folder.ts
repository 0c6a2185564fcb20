import { listAccountIds } from "../database/repositories/accounts.ts";
import { madeForOneOf } from "../delivery/renditions/kept/rendition-key.ts";
import type { SweptFolder } from "../delivery/renditions/kept/sweep-folder.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * Removes derived files from this machine: first those made for accounts that have been erased, then those beyond the
 * budget.
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
