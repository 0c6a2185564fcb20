import { LRUCache } from "lru-cache";
import type { Connection } from "../database/database.ts";
import { findKeyPair, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import { hashPrivateKey } from "./key-pair.ts";

/** Well within the 5 s after which a change to a key pair holds in every process (design.md §4). */
const rememberMs = 2000;
const maxRemembered = 1000;

/**
 * The key pairs as they were at most two seconds ago: each upload asks for one. Only those that exist are remembered,
 * so that nobody fills the memory with made-up keys, and a new pair is good at once. Whether one has expired is for
 * its user to judge, each time.
 */
export class KeyPairs {
  readonly #reader: Connection;
  readonly #known = new LRUCache<string, KeyPairWithAccount>({
    max: maxRemembered,
    ttl: rememberMs,
    // By the clock itself: the cache's own way of sparing it takes a timer.
    ttlResolution: 0,
  });

  constructor(reader: Connection) {
    this.#reader = reader;
  }

  /** @param publicKey untrusted text */
  async byPublicKey(publicKey: string): Promise<KeyPairWithAccount | undefined> {
    return this.#known.get(`public ${publicKey}`) ?? this.#find(`public ${publicKey}`, { public_key: publicKey });
  }

  /** @param privateKey untrusted text; what is looked up is its hash */
  async byPrivateKey(privateKey: string): Promise<KeyPairWithAccount | undefined> {
    const hash = hashPrivateKey(privateKey);
    const key = `private ${hash.toString("latin1")}`;
    return this.#known.get(key) ?? this.#find(key, { private_key_hash: hash });
  }

  /** What has just been changed here holds here at once. */
  forget(): void {
    this.#known.clear();
  }

  async #find(key: string, by: Parameters<typeof findKeyPair>[1]): Promise<KeyPairWithAccount | undefined> {
    // The row is as old as the question, not as the answer.
    const start = performance.now();
    const pair = await findKeyPair(this.#reader, by);
    if (pair !== undefined) this.#known.set(key, pair, { start });
    return pair;
  }
}
