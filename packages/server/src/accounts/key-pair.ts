import { hash, randomBytes } from "node:crypto";

/** The maximum length of a key pair's name, in characters. */
const maxKeyNameLength = 100;

/** What a name of a key pair has to be, for the refusal of one that isn't. */
export const keyNameRule = `1 to ${maxKeyNameLength} visible characters in one line`;

/** Characters that would break the line in which the name stands, or reverse it. */
const unkept = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Reads the name that people give to a key pair. @returns undefined for one that can't be kept */
export function keyNameIn(text: string): string | undefined {
  const name = text.trim().normalize("NFC");
  const isKept =
    visible.test(name) && [...name].length <= maxKeyNameLength && name.isWellFormed() && !unkept.test(name);
  return isKept ? name : undefined;
}

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
