import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccountContent, findAccountContent } from "../../database/repositories/account-contents.ts";
import { StorageError, toStorageError } from "../../storage/storage-error.ts";
import type { ExportDeps } from "../deps.ts";
import { HashedFile } from "./manifest.ts";

const reads = 3;
const pauseMs = 1000;

/** The result of a copy. `gone` means that the version was deleted meanwhile, which is no problem of the store's. */
export type CopyOutcome = "copied" | "gone" | "missing" | "damaged";

/**
 * Copies a version's content into a new file. Failures that may be temporary, such as those of a store on another
 * machine, are retried.
 * @throws StorageError when the store can't be read, or the file not be written; the signal's reason
 */
export async function copyContent(
  { blobs, database }: ExportDeps,
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
      // An abort during this pause is reported at the next attempt, with the signal's own reason.
      if (!isMissing) await sleep(pauseMs * attempt, undefined, { signal }).catch(() => undefined);
    }
    if (outcome === "copied") return outcome;
    // While a server runs, the version may have been deleted, or been given another object.
    const now = await findAccountContent(database.reader, content.version_id);
    if (now === undefined) return "gone";
    if (attempt === reads || (now.storage_key === key && outcome === "damaged")) return outcome;
    key = now.storage_key;
  }
}

/**
 * Writes a new file, and never replaces or removes one that is already there.
 * @returns false, and leaves nothing, where the bytes differ from those that were stored
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

/** Fills the file and closes it. @returns whether the bytes are those that were stored */
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
