import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { openDiskBlobStore } from "../storage/disk-blob-store.ts";

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
    return openDiskBlobStore(blobFolder(dataDir));
  }
  // Loaded only where it is needed: loading Amazon's library takes a good part of a start's time.
  const { openS3BlobStore } = await import("../storage/s3/s3-blob-store.ts");
  const blobs = await openS3BlobStore(storage, { signal });
  try {
    await prepareFolder(dataDir);
    return blobs;
  } catch (error) {
    await blobs.close();
    throw error;
  }
}

export function blobFolder(dataDir: string): string {
  return join(dataDir, "blobs");
}
