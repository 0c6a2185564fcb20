import { findBlobByContent } from "../../database/repositories/blobs.ts";
import type { ArrivedBlob, SpooledFile } from "../../spool/spool-file.ts";
import { newBlobKey } from "../../storage/blob-key.ts";
import { newId } from "../../text/id.ts";
import type { ContentNeeds } from "./needs.ts";
import type { ChosenBlob } from "./secure-blob.ts";

/**
 * Decides before the transaction where the content comes from: is it stored already, and is its object whole
 * (docs/architecture.md decision 1)?
 */
export async function chooseBlob(
  { blobs, database }: Pick<ContentNeeds, "blobs" | "database">,
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
export class FreshCopy {
  readonly spooled: SpooledFile;
  readonly #needs: Pick<ContentNeeds, "blobs" | "now">;
  readonly #signal: AbortSignal;
  #stored: ArrivedBlob | undefined;

  constructor(needs: Pick<ContentNeeds, "blobs" | "now">, spooled: SpooledFile, signal: AbortSignal) {
    this.spooled = spooled;
    this.#needs = needs;
    this.#signal = signal;
    this.#stored = spooled.arrived;
  }

  async ensure(): Promise<ArrivedBlob> {
    if (this.#stored === undefined) {
      // Content in the store has arrived.
      if ("openRange" in this.spooled) throw new TypeError("The content is in no file");
      const stored = { key: newBlobKey(), storedAt: this.#needs.now() };
      await this.#needs.blobs.put(stored.key, this.spooled, this.#signal);
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
    await this.#needs.blobs.delete(this.#stored.key).catch(() => undefined);
  }
}
