import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { ByteBudget } from "../../concurrency/byte-budget.ts";
import { type BlobSource, chunksOf, type FileSource } from "../blob-store.ts";
import { StorageError, toStorageError } from "../storage-error.ts";
import type { Bucket } from "./bucket.ts";

export type ReadBytes = (position: number, length: number) => Promise<Buffer>;

/**
 * Opens the source if it is a file that isn't open yet, so that `use` can read pieces of it.
 * @throws StorageError when the file isn't there or has another size
 */
export async function withSource<Result>(
  source: BlobSource,
  use: (read: ReadBytes) => Promise<Result>,
): Promise<Result> {
  if ("chunks" in source) {
    const bytes = Buffer.concat(chunksOf(source));
    return use(async (position, length) => bytes.subarray(position, position + length));
  }
  if (source.handle !== undefined) return use(reader(source.handle, source));
  let handle: FileHandle;
  try {
    handle = await open(source.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw toStorageError(error, `open ${source.path}`);
  }
  try {
    const { size } = await handle.stat();
    if (size !== source.size) throw wrongSize(source, size);
    return await use(reader(handle, source));
  } finally {
    await handle.close();
  }
}

function reader(handle: FileHandle, source: FileSource): ReadBytes {
  return async (position, length) => {
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await handle.read(bytes, done, length - done, position + done).catch((error: unknown) => {
        throw toStorageError(error, `read ${source.path}`);
      });
      if (bytesRead === 0) throw wrongSize(source, position + done);
      done += bytesRead;
    }
    return bytes;
  };
}

function wrongSize({ path, size }: FileSource, found: number): StorageError {
  return new StorageError("STORAGE_FAILED", `${path} holds ${found} bytes instead of ${size}`);
}

export interface BlobToPut {
  readonly bucket: Bucket;
  readonly budget: ByteBudget;
  /** The key of the blob. */
  readonly key: string;
  /** The object's key in the bucket. */
  readonly objectKey: string;
  readonly source: BlobSource;
  readonly signal: AbortSignal | undefined;
}

/** A put that is under way. */
export interface Put extends BlobToPut {
  readonly action: string;
  readonly read: ReadBytes;
  /** Stored with the object. It shows whether an object is this put's own. */
  readonly metadata: Readonly<Record<string, string>>;
}
