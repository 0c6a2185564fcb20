import type { BytesSource } from "./blob-store.ts";
import { StorageError } from "./storage-error.ts";

/** @throws StorageError when there are more or fewer bytes than were announced */
export function chunksOf({ chunks, size }: BytesSource): readonly Uint8Array[] {
  const found = chunks.reduce((total, { byteLength }) => total + byteLength, 0);
  if (found !== size) throw new StorageError("STORAGE_FAILED", `There are ${found} bytes instead of ${size}`);
  return chunks;
}
