import { closeSync, constants, fsync, open, writev } from "node:fs";
import { unlink } from "node:fs/promises";
import { promisify } from "node:util";

export interface GatheringWriter {
  writev(chunks: Uint8Array[]): Promise<{ bytesWritten: number }>;
}

/** Appends the chunks in order. A disk that fills up writes a part first: only the next attempt tells why. */
export async function writeAll(file: GatheringWriter, chunks: readonly Uint8Array[]): Promise<void> {
  let left = chunks.filter((chunk) => chunk.byteLength > 0);
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left);
    if (bytesWritten === 0) throw new Error("The file takes no more bytes");
    left = dropBytes(left, bytesWritten);
  }
}

function dropBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let toDrop = count;
  return chunks.flatMap((chunk) => {
    const dropped = Math.min(toDrop, chunk.byteLength);
    toDrop -= dropped;
    return dropped < chunk.byteLength ? [chunk.subarray(dropped)] : [];
  });
}

const openFile = promisify(open);
const gather = promisify(writev);
const sync = promisify(fsync);

/**
 * Makes a private file (0600) of these bytes. The bytes are on the disk when it resolves; the file's name is not
 * certain to be there before its folder is synced. A file that is there already is left alone (EEXIST). After any other
 * rejection the file has been removed, unless the removal failed too.
 */
export async function writeNewFile(path: string, chunks: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
  const file = await openFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await writeAll({ writev: (buffers) => gather(file, buffers) }, chunks);
    signal?.throwIfAborted();
    await sync(file);
    signal?.throwIfAborted();
  } catch (error) {
    // Nobody else knows of it: there is nothing that could be gone, and an error here has no one to be told to.
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    // What is left to do here is too little to be worth a thread.
    closeSync(file);
  }
}
