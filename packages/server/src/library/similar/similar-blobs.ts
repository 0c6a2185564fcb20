import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import { estimateContents } from "../../database/repositories/blobs.ts";
import {
  bandColumns,
  bandsOf,
  countTouchedSince,
  findByBand,
  lastHashedTouch,
} from "../../database/repositories/picture-hashes.ts";
import { nextTurn } from "../../database/search-index/search/bounds.ts";
import { bandRadii, bandsWithin, hammingDistance } from "./hamming-distance.ts";

/** The number of bits in which the hashes of two similar pictures may differ. */
export const defaultDistance = 8;
/** With a larger distance, too many values of a band would have to be looked up. */
export const maxDistance = 15;
/** Many plain pictures have nearly the same hash. No more candidates of each band than this are compared. */
const maxCandidatesPerBand = 10_000;
/** The closest blobs are kept. */
export const maxSimilarBlobs = 1000;

export interface SimilarBlob {
  readonly id: string;
  readonly distance: number;
}

/**
 * Finds the account's blobs whose perceptual hash differs from `hash` in at most `distance` bits, the closest first. At
 * least one of their bands differs in no more bits than its radius, so each band is looked up with all values within it.
 */
export async function findSimilarBlobs(
  reader: Connection,
  viewer: Viewer,
  { hash, distance }: { readonly hash: string; readonly distance: number },
  signal: AbortSignal,
): Promise<SimilarBlob[]> {
  const radii = bandRadii(distance);
  const bands = bandsOf(hash);
  const distances = new Map<string, number>();
  for (const [index, column] of bandColumns.entries()) {
    signal.throwIfAborted();
    const values = bandsWithin(bands[index] ?? "", radii[index] ?? 0);
    for (const candidate of await findByBand(reader, viewer, { column, values }, maxCandidatesPerBand)) {
      if (!distances.has(candidate.blob_id)) {
        distances.set(candidate.blob_id, hammingDistance(candidate.hash, hash));
      }
    }
    // On SQLite, the candidates of one band may take as long as other requests can wait.
    await nextTurn();
  }
  return [...distances]
    .map(([id, apart]) => ({ id, distance: apart }))
    .filter((blob) => blob.distance <= distance)
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, maxSimilarBlobs);
}

/** Beyond this number, the blobs that are still to be looked at are not counted. */
const maxCountedPending = 100_000;

/**
 * The share of the account's contents whose hash has been looked for, from 0 to 1. Contents that are no pictures count
 * as looked at once their turn has come. Of many contents the number is an estimate.
 */
export async function hashedShare(reader: Connection, viewer: Viewer): Promise<number> {
  const pending = await countTouchedSince(reader, viewer, await lastHashedTouch(reader), maxCountedPending);
  if (pending === 0) return 1;
  const contents = await estimateContents(reader, viewer);
  return Math.max(0, 1 - pending / contents);
}
