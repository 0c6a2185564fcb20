import { randomDigits } from "../text/random-digits.ts";

/**
 * Returns a key that was never used before: two characters of the current second, eleven of the whole time in
 * milliseconds, 21 random ones, all lower-case hex. The first two name the disk store's folder. Because they come from
 * the clock, blobs spread evenly over 256 folders, and blobs of one moment still go into the same folder, where a
 * single fsync of the folder serves all of them. The time that follows lets the blobs' rows share the database's pages.
 */
export function newBlobKey(now = Date.now()): string {
  const second = Math.floor(now / 1000) % 256;
  const time = Math.floor(now).toString(16).padStart(11, "0").slice(-11);
  return second.toString(16).padStart(2, "0") + time + randomDigits().slice(0, 21);
}

const shape = /^[0-9a-f]{34}$/;

export function isBlobKey(text: string): boolean {
  return shape.test(text);
}

/** Every store calls this first: a key is a part of a path or of a URL, and no other text may become one. */
export function assertBlobKey(key: string): void {
  if (!isBlobKey(key)) throw new TypeError(`Not a blob key: ${JSON.stringify(key)}`);
}
