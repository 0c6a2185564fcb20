import type { Connection } from "../database/database.ts";
import { findKeyPair, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import { hashPrivateKey } from "./key-pair.ts";

/**
 * The key pairs as they are now, each with what an account allows. Each request looks its pair up and none is
 * remembered: the end of a pair, and a change of its account, hold at once in every process of every node. Whether a pair
 * has expired is for its user to judge.
 */
export class KeyPairs {
  readonly #reader: Connection;

  constructor(reader: Connection) {
    this.#reader = reader;
  }

  /** @param publicKey untrusted text */
  byPublicKey(publicKey: string): Promise<KeyPairWithAccount | undefined> {
    return findKeyPair(this.#reader, { public_key: publicKey });
  }

  /** @param privateKey untrusted text; what is looked up is its hash */
  byPrivateKey(privateKey: string): Promise<KeyPairWithAccount | undefined> {
    return findKeyPair(this.#reader, { private_key_hash: hashPrivateKey(privateKey) });
  }
}
