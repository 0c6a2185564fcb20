export interface KeyPair {
  /** Travels in every token's header, where everybody can read it. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/** @throws {TypeError} for a pair that cannot sign, and for swapped keys: `kid` would publish the private one. */
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
