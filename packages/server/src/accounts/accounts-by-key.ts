import type { Connection } from "../database/database.ts";
import { findKeyPair, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import { hashPrivateKey } from "./key-pair.ts";

/**
 * The key pairs as they are now, each with what its account allows. Each request looks its pair up and none is
 * remembered, so the end of a pair, or a change of its account, takes effect at once in every process of every node.
 * The caller checks whether a pair has expired.
 */
export class AccountsByKey {
  readonly #reader: Connection;

  constructor(reader: Connection) {
    this.#reader = reader;
  }

  /** @param publicKey untrusted text */
  byPublicKey(publicKey: string): Promise<KeyPairWithAccount | undefined> {
    return findKeyPair(this.#reader, { public_key: publicKey });
  }

  /** @param privateKey untrusted text; its hash is looked up */
  byPrivateKey(privateKey: string): Promise<KeyPairWithAccount | undefined> {
    return findKeyPair(this.#reader, { private_key_hash: hashPrivateKey(privateKey) });
  }
}
