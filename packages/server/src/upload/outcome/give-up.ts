import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import type { UploadNeeds } from "../needs.ts";

/** Whether an upload that is not known here may be under way all the same. */
export function hasOtherProcesses({
  workers,
  databaseUrl,
}: Pick<UploadNeeds["config"], "databaseUrl" | "workers">): boolean {
  return workers > 1 || databaseUrl !== undefined;
}

/**
 * Nothing has come of the upload with this token. Asked for its outcome, this process would know by itself; others would
 * wait for what may still be under way, unless the ledger says that it is not.
 */
export function giveUp({ config, database }: Pick<UploadNeeds, "config" | "database">, token: TokenKey): void {
  if (!hasOtherProcesses(config)) return;
  // Whoever is refused does not wait for it, and without it others only wait longer.
  database.run("abandonToken", token).catch(() => undefined);
}
