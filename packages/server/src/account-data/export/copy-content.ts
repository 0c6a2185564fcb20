import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountContent, findAccountContent } from "../../database/repositories/account-contents.ts";
import { StorageError, toStorageError } from "../../storage/storage-error.ts";
import type { ExportNeeds } from "../needs.ts";
import { HashedFile } from "./hashed-file.ts";

const reads = 3;
const pauseMs = 1000;

/** `gone` meanwhile is no problem of the store's. */
export type CopyOutcome = "copied" | "gone" | "missing" | "damaged";

/**
 * Copies a version's content into a new file. What fails for a moment, such as a store on another machine, is tried again.
 * @throws StorageError when the store can't be read, or the file not be written; the signal's reason
 */
export async function copyContent(
  { blobs, database }: ExportNeeds,
  content: AccountContent,
  path: string,
  signal: AbortSignal,
): Promise<CopyOutcome> {
  for (let { storage_key: key } = content, attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    let outcome: CopyOutcome;
    try {
      const read = () => blobs.read(key, undefined, signal);
      outcome = (await write(read, content, path, signal)) ? "copied" : "damaged";
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StorageError)) throw error;
      const isMissing = error.code === "BLOB_MISSING";
      if (!isMissing && (attempt === reads || error.code !== "STORAGE_FAILED")) throw error;
      outcome = "missing";
      // An end that is called for meanwhile is told with its own reason, at the next attempt.
      if (!isMissing) await sleep(pauseMs * attempt, undefined, { signal }).catch(() => undefined);
    }
    if (outcome === "copied") return outcome;
    // Beside a running server the version may have been deleted, or been given another object.
    const now = await findAccountContent(database.reader, content.version_id);
    if (now === undefined) return "gone";
    if (attempt === reads || (now.storage_key === key && outcome === "damaged")) return outcome;
    key = now.storage_key;
  }
}

/**
 * Never takes the place of what is there already, nor removes it.
 * @returns false, and leaves nothing, where the bytes are others than were stored
 */
async function write(
  read: () => Promise<Readable>,
  content: AccountContent,
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const file = await HashedFile.create(path);
    let isWhole = false;
    try {
      isWhole = await fill(file, read, content, signal);
    } finally {
      if (!isWhole) await rm(path, { force: true });
    }
    return isWhole;
  } catch (error) {
    throw toStorageError(error, `write ${path}`);
  }
}

/** Closes the file. @returns whether the bytes are those that were stored */
async function fill(
  file: HashedFile,
  read: () => Promise<Readable>,
  { size, sha256 }: AccountContent,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    for await (const chunk of await read()) {
      signal.throwIfAborted();
      await file.write(chunk);
    }
    const written = await file.finish();
    return written.size === size && written.sha256 === Buffer.from(sha256).toString("hex");
  } finally {
    await file.close();
  }
}
