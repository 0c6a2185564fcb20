/**
 * The strong ETag of a derived file. It consists of the key, which stands for what was asked for, and the beginning of
 * the digest, which stands for the bytes. The first half shows that a client's copy is still valid, without a look at
 * the cache. The whole ETag shows that a range belongs to the same bytes that the client has begun with, whichever
 * process made them.
 */
export function renditionEtag(key: string, digest: string): string {
  return `"${key}-${digest.slice(0, digestDigits)}"`;
}

const digestDigits = 16;

/** Finds the ETag in `If-None-Match` that has this key, for the plain bytes or for the coding that the client takes. */
export function heldEtag(ifNoneMatch: string | undefined, key: string, coding?: string): string | undefined {
  if (ifNoneMatch === undefined) return undefined;
  const inCoding = coding === undefined ? "" : `(?:\\.${coding})?`;
  return new RegExp(`"${key}-[0-9a-f]{${digestDigits}}${inCoding}"`).exec(ifNoneMatch)?.[0];
}
