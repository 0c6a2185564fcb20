import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { TokenCrypto } from "@sluice/token";

/**
 * The cryptography with which the server verifies tokens. The work itself takes microseconds, and a hop to WebCrypto
 * would take many more.
 */
export const nodeCrypto: TokenCrypto = {
  hmacHolds(signed, signature, privateKey) {
    const expected = createHmac("sha256", privateKey).update(signed).digest();
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  },
  sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
};
