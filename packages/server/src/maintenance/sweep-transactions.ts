import type { Connection } from "../database/database.ts";
import { deleteUnreferencedBlobs } from "../database/repositories/blobs.ts";

/** @returns the store's keys whose rows were deleted, `limit` at most */
export async function releaseBlobs(
  connection: Connection,
  input: { readonly untouchedSince: number; readonly limit: number },
): Promise<string[]> {
  return deleteUnreferencedBlobs(connection, input.untouchedSince, input.limit);
}
