import type { Connection } from "../../database/database.ts";
import {
  type ColoredBlob,
  type FingerprintedBlob,
  insertPictureHashes,
  setDominantColors,
} from "../../database/repositories/picture-hashes.ts";

/** Records hashes, also for blobs that have none, so that nobody looks at those again. */
export async function recordPictureHashes(
  connection: Connection,
  input: { readonly blobs: readonly FingerprintedBlob[] },
): Promise<void> {
  await insertPictureHashes(connection, input.blobs);
}

/** Records colours of pictures whose hash was recorded before. */
export async function recordDominantColors(
  connection: Connection,
  input: { readonly blobs: readonly ColoredBlob[] },
): Promise<void> {
  await setDominantColors(connection, input.blobs);
}
