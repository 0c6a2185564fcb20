import type { Connection } from "../../database/database.ts";
import { insertPictureHashes, type LookedAtBlob } from "../../database/repositories/picture-hashes.ts";

/** Records hashes, also for blobs that have none, so that nobody looks at those again. */
export async function recordPictureHashes(
  connection: Connection,
  input: { readonly blobs: readonly LookedAtBlob[] },
): Promise<void> {
  await insertPictureHashes(connection, input.blobs);
}
