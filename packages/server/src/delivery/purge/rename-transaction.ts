import type { Connection } from "../../database/database.ts";
import { purgeVersions } from "../../database/repositories/purges.ts";
import { type FileToRename, type RenameOutcome, renameFileTo as rename } from "../../library/files/organise-files.ts";
import { requestPurgeTransaction } from "./purge-transactions.ts";

export type FileToRenameAndPurge = FileToRename & {
  /** The purge of the old path and of every path that begins with it; absent where nothing is to be purged. */
  readonly purge?: { readonly id: string; readonly prefix: string } | undefined;
};

/**
 * Gives a file another name, and purges what was made of it under the old one. The purge is requested in the same
 * transaction, so that neither happens without the other.
 */
export async function renameFileTransaction(
  connection: Connection,
  input: FileToRenameAndPurge,
): Promise<RenameOutcome> {
  const { accountId, now, purge } = input;
  const result = await rename(connection, input);
  if (result.outcome !== "done" || purge === undefined) return result;
  // The file itself is no longer below the old path, where the purge's job looks.
  await purgeVersions(connection, [result.fileId]);
  await requestPurgeTransaction(connection, { id: purge.id, accountId, now, of: { prefix: purge.prefix } });
  return result;
}
