import { createHash, randomBytes } from "node:crypto";

/** A new session's id. Whoever knows it may go on with the upload, so it is stored nowhere and written into no log. */
export function newSessionId(): string {
  return randomBytes(32).toString("base64url");
}

export function isSessionId(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** The SHA-256 of the id's text, by which the database knows the session. */
export function digestOfSession(id: string): Uint8Array {
  return Uint8Array.from(createHash("sha256").update(id, "ascii").digest());
}

/** The digest as the key of a map. */
export function keyOfDigest(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("latin1");
}
