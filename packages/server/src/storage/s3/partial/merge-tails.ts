/** The number of tails that a blob may have. */
export const maxTails = 16;

/**
 * Chooses the tails that are put together with the new bytes when there are too many tails. A tail is read and written
 * anew only with bytes that are at least half as many as its own, so each byte is copied a few times at most, however
 * tiny the pieces are that it came with.
 * @param sizes the sizes of the tails, the new bytes last
 * @param maxBytes the size that they may have together
 * @returns the index of the first one to put together with all behind it
 */
export function mergeFrom(sizes: readonly number[], maxBytes: number): number {
  const last = sizes.length - 1;
  if (last < maxTails) return last;
  let from = last;
  let sum = sizes[last] ?? 0;
  while (from > 0 && (from === last || (sizes[from - 1] ?? 0) <= 2 * sum)) {
    if (sum + (sizes[from - 1] ?? 0) > maxBytes) break;
    from -= 1;
    sum += sizes[from] ?? 0;
  }
  return from;
}
