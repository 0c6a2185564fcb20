import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { ByteRange } from "../../../storage/blob-store.ts";
import { errnoOf, toStorageError } from "../../../storage/storage-error.ts";
import { writeAll } from "../../../storage/write-all.ts";
import { footerBytes, maxWholeBytes, readEntry, readFooter, writeFooter } from "./entry.ts";
import type { KeptFile, KeptRendition, RenditionFacts } from "./kept-rendition.ts";

/**
 * Reads the entry in a file: a small one whole, of a large one the footer.
 * @returns undefined where there is no such file; "damaged" where the file isn't a whole entry
 */
export async function readEntryFile(path: string): Promise<KeptRendition | "damaged" | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoreMissing);
  if (file === undefined) return undefined;
  try {
    const { size: length } = await file.stat();
    if (length <= maxWholeBytes + footerBytes) return readEntry(await file.readFile()) ?? "damaged";
    const footer = await readAt(file, length - footerBytes, footerBytes);
    const facts = readFooter(footer, length);
    return facts === undefined
      ? "damaged"
      : { ...facts, open: (range, signal) => openBytes(path, facts.size, range, signal) };
  } finally {
    await file.close();
  }
}

/**
 * Makes an entry of a finished file: its footer is written behind its bytes, and all of it is synced.
 * @returns the entry as it will be read at `target`, to which the caller renames the file
 */
export async function sealFile(path: string, facts: RenditionFacts, target: string): Promise<KeptFile> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  const footer = writeFooter(hash, size, facts);
  const file = await open(path, "a");
  try {
    await writeAll(file, [footer]);
    await file.sync();
  } finally {
    await file.close();
  }
  const { contentType, width } = facts;
  const digest = readFooter(footer, size + footerBytes)?.digest ?? "";
  return { contentType, width, digest, size, open: (range, signal) => openBytes(target, size, range, signal) };
}

/** Opens the bytes of an entry without its footer. */
async function openBytes(
  path: string,
  size: number,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<Readable> {
  signal.throwIfAborted();
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const file = await open(path, flags).catch((error: unknown) => {
    throw toStorageError(error, "read a kept rendition", { ENOENT: "BLOB_MISSING" });
  });
  try {
    signal.throwIfAborted();
    return file.createReadStream({ start: range?.start ?? 0, end: range?.end ?? size - 1, signal });
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT") throw error;
}
