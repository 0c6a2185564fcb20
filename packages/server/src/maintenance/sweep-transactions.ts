import type { Connection } from "../database/database.ts";
import { deleteUnreferencedBlobs } from "../database/repositories/blobs.ts";
import { areContentsHeld } from "../database/repositories/content-holds.ts";

/**
 * Deletes rows of contents that nothing needs, unless somebody holds them.
 * @param input.now the time by this process's clock
 * @returns the store's keys whose rows were deleted, `limit` at most
 */
export async function releaseBlobs(
  connection: Connection,
  input: { readonly untouchedSince: number; readonly limit: number; readonly now: number },
): Promise<string[]> {
  if (await areContentsHeld(connection, input.now)) return [];
  return deleteUnreferencedBlobs(connection, input.untouchedSince, input.limit);
}
