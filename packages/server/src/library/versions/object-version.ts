import { randomDigits } from "../../text/random-digits.ts";

/**
 * A new `ik-obj-version`: 32 characters that name one version in its URLs and that nobody can guess, since they open
 * versions which the plain URL no longer shows (docs/protocol/delivery.md §7).
 */
export function newObjectVersion(): string {
  return Buffer.from(randomDigits() + randomDigits(), "hex").toString("base64url");
}
