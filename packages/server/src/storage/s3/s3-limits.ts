const MiB = 1024 * 1024;

/** Bounds on what a store may wait for, hold and repeat. Times in milliseconds, sizes in bytes. */
export const s3Limits = {
  /** Until a connection is there; one that waits for a place among the open ones counts as well. */
  connectMs: 3000,
  /** A connection on which nothing moves, while something ought to. */
  idleMs: 15_000,
  /** One attempt at a request that carries no content, and all attempts together. */
  shortMs: 10_000,
  shortTotalMs: 25_000,
  /** The same for one that carries a part of a blob, or puts the parts together. */
  longMs: 60_000,
  longTotalMs: 120_000,
  /** A look that must be cheap, and one that only makes sure of what is known already. */
  glanceMs: 4000,
  /** What a request under way may still take when its caller has given up: cut off it might succeed unseen. */
  lingerMs: 2000,
  attempts: 3,
  sockets: 64,
  /** Those that content is sent on. */
  writeSockets: 64,
  /** Apart from the others, as a reader may keep one for as long as its client is slow. */
  readSockets: 256,
  /** What is sent at once: a whole blob up to this size, a part of a larger one. S3 takes no smaller parts. */
  partBytes: 5 * MiB,
  partsAtOnce: 3,
  /** Content in memory, of all uploads together. */
  bufferBytes: 64 * MiB,
} as const;

export type S3Limits = { readonly [Name in keyof typeof s3Limits]: number };

/** S3 takes no more parts than this. */
const maxParts = 10_000;

/** How large each part of a blob is: grows with blobs of more than 50 GB. */
export function partSizeOf(size: number, partBytes: number): number {
  return Math.max(partBytes, Math.ceil(size / maxParts));
}
