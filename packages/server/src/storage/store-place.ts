import { join } from "node:path";
import type { StorageLocation } from "../config/storage-url.ts";
import type { BlobStore } from "./blob-store.ts";
import { openDiskBlobStore } from "./disk-blob-store.ts";

/** The place of a store: a folder of this machine, or a bucket. */
export type StorePlace = { readonly folder: string } | { readonly bucket: StorageLocation };

/** Returns the place of the name in a place, which is a folder inside the folder, or a prefix behind the bucket's. */
export function placeWithin(place: StorePlace, name: string): StorePlace {
  if ("folder" in place) return { folder: join(place.folder, name) };
  const { prefix } = place.bucket;
  return { bucket: { ...place.bucket, prefix: prefix === "" ? name : `${prefix}/${name}` } };
}

/**
 * Opens the store that a place has. The folder is made when it isn't there; a bucket must exist.
 * @param signal ends the wait for a service that hangs
 * @throws ConfigError, StorageError, the signal's reason
 */
export async function openStore(place: StorePlace, signal?: AbortSignal): Promise<BlobStore> {
  if ("folder" in place) return openDiskBlobStore(place.folder);
  // Loaded only where it is needed: loading Amazon's library takes a good part of a start's time.
  const { openS3BlobStore } = await import("./s3/s3-blob-store.ts");
  return openS3BlobStore(place.bucket, { signal });
}
