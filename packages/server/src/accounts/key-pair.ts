import { hash, randomBytes } from "node:crypto";

export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A new random pair in the form that the vendor's keys have (docs/protocol/upload.md §2). */
export function generateKeyPair(): KeyPair {
  return {
    publicKey: `public_${randomBytes(21).toString("base64url")}`,
    privateKey: `private_${randomBytes(30).toString("base64url")}`,
  };
}

/** What a private key is looked up by, so that no index comparison works on the key itself. */
export function hashPrivateKey(privateKey: string): Buffer {
  return hash("sha256", privateKey, "buffer");
}
