import type { Logger } from "pino";
import { serverParty } from "../../concurrency/fair-line.ts";
import { FairQueue } from "../../concurrency/fair-queue.ts";
import type { Database } from "../../database/database.ts";
import {
  type BlobToHash,
  type FingerprintedBlob,
  findPictureFacts,
  lastHashedTouch,
  pageOfTouchedBlobs,
  type TouchedBlob,
} from "../../database/repositories/picture-hashes.ts";
import { type Rest, restByLoad } from "../../jobs/rest-by-load.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import { sourceFormatOf } from "../../media/image/plan/source-facts.ts";
import { isMachinesFault, MediaError } from "../../media/media-error.ts";
import type { PictureFingerprint } from "../../media/metadata/fingerprint.ts";
import { fingerprintPicture } from "../../media/metadata/picture-fingerprint.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { recordPictureHashes } from "./hash-transactions.ts";

/** The jobs share their turns, so that a visitor's picture waits for one of theirs at most. */
export type FingerprintQueue = Pick<FairQueue, "run">;

export function openFingerprintQueue(): FingerprintQueue {
  return new FairQueue({ capacity: 1 });
}

export interface HashingDeps {
  readonly blobs: Pick<BlobStore, "read">;
  readonly database: Database;
  readonly images: Pick<ImageEngine, "render" | "fingerprint">;
  readonly fingerprints: FingerprintQueue;
  readonly logger: Pick<Logger, "warn">;
}

const pageSize = 200;

export interface HashingPace {
  /**
   * This run begins this long before the last run's end, because transactions commit in another order than they begin
   * in.
   */
  readonly overlapMs: number;
  /** Rests after a blob that took so long. */
  readonly rest?: Rest;
}

/**
 * Looks for the perceptual hash and the dominant colour of each blob that was touched since the last run, oldest first.
 * @returns the number of blobs that were looked at
 */
export async function hashPictures(
  deps: HashingDeps,
  { overlapMs, rest = restByLoad() }: HashingPace,
  signal: AbortSignal,
): Promise<number> {
  const { reader } = deps.database;
  let after: TouchedBlob = { touched_at: (await lastHashedTouch(reader)) - overlapMs, id: "" };
  for (let count = 0; ; ) {
    signal.throwIfAborted();
    const page = await pageOfTouchedBlobs(reader, after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return count;
    const fresh = page.filter((blob) => !blob.looked_at);
    count += await hashPage(deps, fresh, rest, signal);
    after = last;
  }
}

/** Records what it has even where it is ended early, so that no picture is decoded twice. */
async function hashPage(
  deps: HashingDeps,
  blobs: readonly BlobToHash[],
  rest: Rest,
  signal: AbortSignal,
): Promise<number> {
  const fingerprinted: FingerprintedBlob[] = [];
  try {
    for (const blob of blobs) {
      const began = performance.now();
      const fingerprint = await fingerprintBlob(deps, blob, signal);
      if (fingerprint === undefined) continue;
      const { id, account_id, touched_at } = blob;
      fingerprinted.push({ id, account_id, touched_at, fingerprint });
      await rest(performance.now() - began, signal);
    }
  } finally {
    if (fingerprinted.length > 0) await deps.database.run(recordPictureHashes, { blobs: fingerprinted });
  }
  return fingerprinted.length;
}

/**
 * @returns null for a blob that is no picture or can't be decoded; undefined for a blob that has to be looked at again,
 * because it has no version yet or its object could not be read
 * @throws MediaError EBUSY; the signal's reason
 */
export async function fingerprintBlob(
  {
    blobs,
    database,
    images,
    fingerprints,
    logger,
  }: Omit<HashingDeps, "database"> & { readonly database: Pick<HashingDeps["database"], "reader"> },
  blob: Pick<BlobToHash, "id" | "size" | "storage_key">,
  signal: AbortSignal,
): Promise<PictureFingerprint | null | undefined> {
  const facts = await findPictureFacts(database.reader, blob.id);
  if (facts === undefined) return undefined;
  if (facts.kind !== "picture" || sourceFormatOf(facts.mime) === undefined) return null;
  const open = (opened: AbortSignal) => blobs.read(blob.storage_key, undefined, opened);
  try {
    const source = { size: blob.size, pages: facts.pages, open };
    return await fingerprints.run((stop) => fingerprintPicture(images, source, serverParty, stop), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MediaError && isMachinesFault(error)) throw error;
    if (error instanceof MediaError) return null;
    // A damaged object must not stop the pictures behind it, and a store that is down for an hour must not hide
    // pictures for good. The later runs look at this blob again.
    logger.warn({ err: error, blobId: blob.id }, "A stored picture could not be read to compare it with others");
    return undefined;
  }
}
