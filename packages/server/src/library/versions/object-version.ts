import { randomDigits } from "../../text/random-digits.ts";

/**
 * Creates an `ik-obj-version`: 32 characters that name one version in its URLs. Nobody can guess them, because they
 * open versions that the plain URL no longer shows (docs/protocol/delivery.md §7).
 */
export function newObjectVersion(): string {
  return Buffer.from(randomDigits() + randomDigits(), "hex").toString("base64url");
}
