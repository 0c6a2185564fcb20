export interface KeyPair {
  /** The header of every token contains it, where everybody can read it. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/** @throws {TypeError} for a pair that can't sign, and for swapped keys, because `kid` would publish the private key */
export function assertKeyPair({ publicKey, privateKey }: KeyPair): void {
  if (typeof publicKey !== "string" || publicKey === "") {
    throw new TypeError("publicKey must be a non-empty string.");
  }
  if (typeof privateKey !== "string" || privateKey === "") {
    throw new TypeError("privateKey must be a non-empty string.");
  }
  if (publicKey.startsWith("private_") || publicKey === privateKey) {
    throw new TypeError("publicKey holds a private key, which every token would publish.");
  }
}
