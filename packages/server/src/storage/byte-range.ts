import type { ByteRange } from "./blob-store.ts";

/** Every store calls this before it opens anything: a backward range is its caller's mistake, never an empty answer. */
export function assertByteRange({ start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new RangeError(`Not a byte range: ${start} to ${end}`);
  }
}
