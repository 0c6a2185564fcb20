import type { BlobStore } from "../../storage/blob-store.ts";
import type { SpaceNeeded } from "../../storage/free-space.ts";

/** The disk space that bytes of a resumable upload need. They go straight into the store, past the spool. */
export function spaceFor({ localFolder }: Pick<BlobStore, "localFolder">, bytes: number): SpaceNeeded {
  // Where the blobs are on the same file system as the spool, the space of the spool is looked at.
  return localFolder === undefined ? { spool: 0, blobs: 0 } : { spool: bytes, blobs: bytes };
}
