/**
 * The strong ETag of a derived file: its key, which stands for what was asked for, and of its digest, which stands for
 * the bytes. By the first half a client's copy is known to be good without a look at the cache; by the whole a range is
 * known to be of the bytes that the client has begun with, whichever process made them.
 */
export function derivedEtag(key: string, digest: string): string {
  return `"${key}-${digest.slice(0, digestDigits)}"`;
}

const digestDigits = 16;

/** The one among those of `If-None-Match` that names what has this key, as it is or in the coding that the client takes. */
export function heldEtag(ifNoneMatch: string | undefined, key: string, coding?: string): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  const inCoding = coding === undefined ? "" : `(?:\\.${coding})?`;
  return new RegExp(`"${key}-[0-9a-f]{${digestDigits}}${inCoding}"`).exec(ifNoneMatch)?.[0];
}
