import { randomUUID } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { toStorageError } from "../../storage/storage-error.ts";
import type { ImageSource } from "../image/image-source.ts";
import type { ScratchFolder } from "../processes/scratch-folder.ts";

/** A whole file: the path of one on this machine, its bytes, or one that is elsewhere and has to be copied. */
export type VideoSource = string | Buffer | ElsewhereSource;
export type ElsewhereSource = Pick<ImageSource, "path" | "size" | "open" | "openRange">;

/**
 * Opens a file of this machine that holds exactly the source, for a program that seeks in it. What isn't there is copied
 * into a file that has no name any more, and is gone once it is closed.
 * @throws the store's errors; the signal's reason
 */
export async function openLocally(
  source: VideoSource,
  scratch: Pick<ScratchFolder, "path">,
  signal: AbortSignal,
): Promise<FileHandle> {
  // The program gets a descriptor that stands at the beginning, and can't write.
  return withLocalFile(source, scratch, signal, openFile);
}

/**
 * Copies what isn't on this machine once, for several programs.
 * @param use gets the path of a file that holds exactly the source until the returned promise is settled
 * @throws the store's errors; the signal's reason; what the function throws
 */
export async function withLocalFile<Result>(
  source: VideoSource,
  scratch: Pick<ScratchFolder, "path">,
  signal: AbortSignal,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  if (typeof source === "string") return use(source);
  if (!Buffer.isBuffer(source) && source.path !== undefined) return use(source.path);
  const copy = join(await scratch.path(), randomUUID());
  try {
    const bytes = Buffer.isBuffer(source) ? Readable.from([source]) : await source.open(signal);
    await pipeline(bytes, createWriteStream(copy, { flags: "wx", mode: 0o600 }), { signal });
    return await use(copy);
  } finally {
    await rm(copy, { force: true });
  }
}

async function openFile(path: string): Promise<FileHandle> {
  // As the store opens it: a link leads nowhere.
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    throw toStorageError(error, "read a stored video", { ENOENT: "BLOB_MISSING", ELOOP: "BLOB_MISSING" });
  });
}
