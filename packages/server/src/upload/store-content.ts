import type { Services } from "../app/services.ts";
import { findBlobByContent } from "../database/repositories/blobs.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import { newBlobKey } from "../storage/blob-key.ts";
import { newId } from "../text/id.ts";
import type { BlobSource } from "./secure-blob.ts";

export type ContentServices = Pick<Services, "blobs" | "database" | "now">;

/**
 * The look before the transaction: is the content there already, and is its object whole
 * (docs/architecture.md decision 1)?
 */
export async function chooseBlob(
  { blobs, database }: ContentServices,
  accountId: string,
  copy: FreshCopy,
  signal: AbortSignal,
): Promise<BlobSource> {
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

/** Our own copy in the store, made when it is first needed. */
export class FreshCopy {
  readonly spooled: SpooledFile;
  readonly #services: ContentServices;
  readonly #signal: AbortSignal;
  #stored: { readonly key: string; readonly storedAt: number } | undefined;

  constructor(services: ContentServices, spooled: SpooledFile, signal: AbortSignal) {
    this.spooled = spooled;
    this.#services = services;
    this.#signal = signal;
  }

  get key(): string | undefined {
    return this.#stored?.key;
  }

  async ensure(): Promise<{ readonly key: string; readonly storedAt: number }> {
    if (this.#stored === undefined) {
      const stored = { key: newBlobKey(), storedAt: this.#services.now() };
      await this.#services.blobs.put(stored.key, this.spooled, this.#signal);
      this.#stored = stored;
    }
    return this.#stored;
  }
}
