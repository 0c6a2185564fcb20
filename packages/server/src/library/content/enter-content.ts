import { SluiceError } from "@sluice/protocol";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import { findBlobByContent } from "../../database/repositories/blobs.ts";
import type { ArrivedBlob, SpooledFile } from "../../spool/spool-file.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { newId } from "../../text/id.ts";
import type { ChosenBlob, ContentToSecure, UnsecuredContent } from "./secure-blob.ts";

/** The parts that are needed to store a version's content, wherever the content comes from. */
export interface ContentDeps {
  readonly blobs: BlobStore;
  readonly config: { readonly limits: Pick<Config["limits"], "sweepGraceMs"> };
  readonly database: { readonly reader: Connection };
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Decides before the transaction where the content comes from: is it stored already, and is its object whole
 * (docs/architecture.md decision 1)?
 */
async function chooseBlob(
  { blobs, database }: Pick<ContentDeps, "blobs" | "database">,
  accountId: string,
  copy: FreshCopy,
  signal: AbortSignal,
): Promise<ChosenBlob> {
  const existing = await findBlobByContent(database.reader, accountId, copy.spooled.sha256);
  if (existing === undefined) {
    const { key, storedAt } = await copy.ensure();
    return { kind: "fresh", id: newId(), storageKey: key, storedAt };
  }
  const { id, storage_key: storageKey } = existing;
  if ((await blobs.size(storageKey, signal)) === existing.size) return { kind: "adopt", id, storageKey };
  const { key, storedAt } = await copy.ensure();
  return { kind: "heal", id, storageKey, freshKey: key, storedAt };
}

/** The new version's own copy in the store, made when it is first needed, unless it has arrived there before. */
class FreshCopy {
  readonly spooled: SpooledFile;
  readonly #deps: Pick<ContentDeps, "blobs" | "now">;
  readonly #signal: AbortSignal;
  #stored: ArrivedBlob | undefined;

  constructor(deps: Pick<ContentDeps, "blobs" | "now">, spooled: SpooledFile, signal: AbortSignal) {
    this.spooled = spooled;
    this.#deps = deps;
    this.#signal = signal;
    this.#stored = spooled.arrived;
  }

  async ensure(): Promise<ArrivedBlob> {
    if (this.#stored === undefined) {
      // Content in the store has arrived.
      if ("openRange" in this.spooled) throw new TypeError("The content is in no file");
      const stored = { key: newBlobKey(), storedAt: this.#deps.now() };
      await this.#deps.blobs.put(stored.key, this.spooled, this.#signal);
      this.#stored = stored;
    }
    return this.#stored;
  }

  /**
   * Deletes the copy, if there is one. Never throws: the sweep deletes a copy that is left behind.
   * @param adopted the key of the blob that a version was stored with instead; undefined if none was stored. A blob that
   * has arrived before then stays its owner's, who may try again with it.
   */
  async discard(adopted: string | undefined): Promise<void> {
    const isOwners = this.spooled.arrived !== undefined && adopted === undefined;
    if (this.#stored === undefined || isOwners || this.#stored.key === adopted) return;
    await this.#deps.blobs.delete(this.#stored.key).catch(() => undefined);
  }
}

/** The number of times that a commit starts again because others changed the rows that it had read. */
const maxAttempts = 10;

/** Bytes, and the account that they belong to. */
export interface IncomingContent {
  readonly accountId: string;
  readonly spooled: SpooledFile;
}

/** The content for the transaction of one attempt, as plain data. */
export interface ContentToEnter extends ContentToSecure {
  readonly now: number;
}

/** The outcomes after which another attempt may succeed. */
type Unfinished = UnsecuredContent | { readonly outcome: "start again" };

/**
 * Makes bytes durable, and then the rows that refer to them (docs/architecture.md decision 2). An attempt starts again
 * when others stored, swept or replaced the same content meanwhile.
 * @param commit runs the transaction, which calls `secureBlob`. Its outcome is `stored` where rows refer to the content now
 * @returns the outcome of the transaction; nothing is stored unless it is `stored`
 * @throws SluiceError STORAGE_UNAVAILABLE, nothing is stored then; what `commit` throws: the outcome is unknown then
 */
export async function enterContent<Outcome extends { readonly outcome: string }>(
  deps: ContentDeps,
  { accountId, spooled }: IncomingContent,
  commit: (content: ContentToEnter) => Promise<Outcome | Unfinished>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { config, now } = deps;
  const { sha256, size } = spooled;
  const copy = new FreshCopy(deps, spooled, signal);
  let copyIsNobodys = true;
  let adopted: string | undefined;
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const blob = await chooseBlob(deps, accountId, copy, signal);
      const content = { blob, sha256, size, sweepGraceMs: config.limits.sweepGraceMs, madeAt: Date.now() };
      copyIsNobodys = false;
      const result = await commit({ ...content, now: now() });
      const outcome: string = result.outcome;
      adopted = outcome === "stored" && blob.kind === "adopt" ? blob.storageKey : undefined;
      copyIsNobodys = outcome !== "stored" || adopted !== undefined;
      // Another attempt can't help: an object that the sweep may already be looking at does not get younger.
      if (outcome === "blob too old") throw unavailable("its object is too old for the sweep's grace period");
      if (outcome !== "blob changed" && outcome !== "start again") return result as Outcome;
    }
    throw unavailable(`others changed the same content ${maxAttempts} times`);
  } finally {
    // A copy that may have been committed after all is left to the sweep, which checks for references before it
    // deletes.
    if (copyIsNobodys) await copy.discard(adopted);
  }
}

function unavailable(why: string): SluiceError {
  return new SluiceError("STORAGE_UNAVAILABLE", {}, { cause: new Error(`a content was not stored: ${why}`) });
}
