import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import type { UploadNeeds } from "../needs.ts";

/** Whether an upload that this process doesn't know may be under way in another process. */
export function hasOtherProcesses({
  workers,
  databaseUrl,
}: Pick<UploadNeeds["config"], "databaseUrl" | "workers">): boolean {
  return workers > 1 || databaseUrl !== undefined;
}

/**
 * Records that the upload with this token has failed. This process would know that by itself when asked for the
 * outcome. Other processes would wait for an upload that may still be under way, unless the ledger says that it is not.
 */
export function giveUp({ config, database }: Pick<UploadNeeds, "config" | "database">, token: TokenKey): void {
  if (!hasOtherProcesses(config)) return;
  // The refused client does not wait for this write. If the write fails, other processes only wait longer.
  database.run("abandonToken", token).catch(() => undefined);
}
