import { randomBytes } from "node:crypto";

/**
 * A new `ik-obj-version`: 32 characters that name one version in its URLs and that nobody can guess, since they open
 * versions which the plain URL no longer shows (spec/delivery.md §7).
 */
export function newObjectVersion(): string {
  return randomBytes(24).toString("base64url");
}
