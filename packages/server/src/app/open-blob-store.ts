import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { openStore } from "../storage/store-place.ts";

/** The settings that decide which store is used: the bucket when there is a URL, else a folder beside the database. */
export type StoreLocation = Pick<Config, "dataDir" | "storage">;

/**
 * Opens the store. `prepareFolder` makes the data folder ready. A bucket is checked before that, so that nothing is
 * made on disk for a bucket that can't be used.
 * @param signal ends the wait for a service that hangs
 * @throws ConfigError, StorageError, the signal's reason, and what `prepareFolder` throws
 */
export async function openBlobStore(
  { dataDir, storage }: StoreLocation,
  prepareFolder: (dataDir: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<BlobStore> {
  if (storage === undefined) {
    await prepareFolder(dataDir);
    return openStore({ folder: blobFolder(dataDir) });
  }
  const blobs = await openStore({ bucket: storage }, signal);
  try {
    await prepareFolder(dataDir);
    return blobs;
  } catch (error) {
    await blobs.close();
    throw error;
  }
}

function blobFolder(dataDir: string): string {
  return join(dataDir, "blobs");
}
