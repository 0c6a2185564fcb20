import { createHash } from "node:crypto";
import type { PartialBlob } from "../../partial/partial-blobs.ts";

/** Bytes that wait as an object of their own until they fill a part. */
export type Tail = { readonly name: string; readonly size: number };

/** The bytes of a blob that a bucket has: parts of a multipart upload first, and tails behind them. */
export type Progress = {
  /** The multipart upload, once there is a part. */
  readonly upload?: string;
  /** The number of parts that the service has. */
  readonly parts: number;
  /**
   * A hash over the ETags of all parts, in their order. Its size stays the same, however many parts there are, and it
   * shows whether each part is still the one that was acknowledged.
   */
  readonly etags: string;
  readonly tails: readonly Tail[];
  /** The names of tails that the bucket may still have and the blob needs no more. The next append removes them. */
  readonly replaced: readonly string[];
};

const beginning: Progress = { parts: 0, etags: "", tails: [], replaced: [] };

export function progressOf({ store }: PartialBlob): Progress {
  return (store as Progress | undefined) ?? beginning;
}

export function nextEtags(etags: string, etag: string): string {
  return createHash("sha256").update(`${etags}\n${etag}`).digest("base64url");
}

export function sizeOfTails(tails: readonly Tail[]): number {
  return tails.reduce((total, { size }) => total + size, 0);
}

/** S3 takes 10,000 parts. A few are left for whatever a service counts otherwise. */
const maxParts = 9000;

/** Returns the size of each part but the last. A blob that is no longer than this never becomes a multipart upload. */
export function partBytesOf(length: number, leastBytes: number): number {
  return Math.max(leastBytes, Math.ceil(length / maxParts));
}

/** The largest object that S3 takes. */
const maxObjectBytes = 5 * 1024 ** 4;

/**
 * Returns the bytes of the longest blob that can be sent in parts which fit into that memory.
 * @param leastBytes the least size of a part, which is sent in any case
 */
export function maxLengthOf(leastBytes: number, memoryBytes: number): number {
  return Math.min(maxObjectBytes, maxParts * Math.max(leastBytes, memoryBytes));
}

/** Returns the size of the part behind the first `parts` ones. */
export function partSizeAt(length: number, parts: number, partBytes: number): number {
  return Math.max(0, Math.min(partBytes, length - parts * partBytes));
}
