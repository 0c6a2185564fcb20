import { settleMs } from "../partial/partial-blobs.ts";

const MiB = 1024 * 1024;

/**
 * Bounds on how long a store waits, how much it holds and how often it retries. Times are in milliseconds, sizes in
 * bytes.
 */
export const s3Limits = {
  /** Time until a connection is open. Waiting for a place among the open connections counts as well. */
  connectMs: 3000,
  /** Time during which nothing moves on a connection while something ought to. */
  idleMs: 15_000,
  /** One attempt at a request without content, and all attempts together. */
  shortMs: 10_000,
  shortTotalMs: 25_000,
  /** The same for a request that carries a part of a blob, or puts the parts together. */
  longMs: 60_000,
  longTotalMs: 120_000,
  /** A look that must be cheap, and a look that only confirms what is known already. */
  glanceMs: 4000,
  /**
   * Time that a current request may still take after its caller has given up. A request that is cut off might succeed
   * unseen.
   */
  lingerMs: 2000,
  attempts: 3,
  sockets: 64,
  /** Connections for sending content. */
  writeSockets: 64,
  /** Separate connections for readers, because a reader may keep one for as long as its client is slow. */
  readSockets: 256,
  /** Size of one request: a whole blob up to this size, or a part of a larger one. S3 takes no smaller parts. */
  partBytes: 5 * MiB,
  partsAtOnce: 3,
  /** Content in memory, for all uploads together. */
  bufferBytes: 64 * MiB,
  /** Time in which what arrived of a blob is still stored after its caller has given up. */
  settleMs,
  /** Least size of a part of a blob that arrives in pieces. */
  partialPartBytes: 8 * MiB,
  /** Bytes of such blobs in memory that have arrived and don't fill a part yet, for all of them together. */
  arrivingBytes: 64 * MiB,
} as const;

export type S3Limits = { readonly [Name in keyof typeof s3Limits]: number };

/** The maximum number of parts that S3 takes. */
const maxParts = 10_000;

/** Returns the size of a blob's parts. It grows for blobs of more than 50 GB. */
export function partSizeOf(size: number, partBytes: number): number {
  return Math.max(partBytes, Math.ceil(size / maxParts));
}
