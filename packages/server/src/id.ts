import { randomBytes } from "node:crypto";

/**
 * A new id for a file, version, folder or any other row: 24 lower-case hex digits, the first eight of them the time
 * in seconds, so that rows of one time lie together (spec/media-api.md §1).
 */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(12);
  bytes.writeUInt32BE(Math.floor(now / 1000) >>> 0, 0);
  return bytes.toString("hex");
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}
