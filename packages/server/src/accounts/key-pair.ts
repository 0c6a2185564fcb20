import { hash, randomBytes } from "node:crypto";

export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Makes a new random pair in the form of the vendor's keys (docs/protocol/upload.md §2). */
export function generateKeyPair(): KeyPair {
  return {
    publicKey: `public_${randomBytes(21).toString("base64url")}`,
    privateKey: `private_${randomBytes(30).toString("base64url")}`,
  };
}

/** The hash by which a private key is looked up, so that no index comparison works on the key itself. */
export function hashPrivateKey(privateKey: string): Buffer {
  return hash("sha256", privateKey, "buffer");
}
