import { SluiceError } from "@sluice/protocol";
import type { Connection } from "../database/database.ts";
import {
  findKeyPair,
  isUnrevoked,
  type KeyPairRow,
  type KeyPairWithAccount,
} from "../database/repositories/key-pairs.ts";
import { hashPrivateKey } from "./key-pair.ts";
import type { KeyUses } from "./key-uses.ts";

/**
 * The key pairs as they are now, each with what its account allows. Each request looks its pair up and none is
 * remembered, so the end of a pair, or a change of its account, takes effect at once in every process of every node.
 * The caller checks whether a pair has expired.
 */
export class AccountsByKey {
  readonly #reader: Connection;
  readonly #uses: Pick<KeyUses, "note"> | undefined;

  /** @param uses keeps the day of each pair's last use; without it no day is kept */
  constructor(reader: Connection, uses?: Pick<KeyUses, "note">) {
    this.#reader = reader;
    this.#uses = uses;
  }

  /** @param publicKey untrusted text */
  byPublicKey(publicKey: string): Promise<KeyPairWithAccount | undefined> {
    return findKeyPair(this.#reader, { public_key: publicKey });
  }

  /** @param privateKey untrusted text; its hash is looked up */
  byPrivateKey(privateKey: string): Promise<KeyPairWithAccount | undefined> {
    return findKeyPair(this.#reader, { private_key_hash: hashPrivateKey(privateKey) });
  }

  /** Called once a request has proved that it holds the pair. */
  noteUse(pair: Pick<KeyPairRow, "id" | "last_used_on">, now: number): void {
    this.#uses?.note(pair, now);
  }

  /** @throws SluiceError PRIVATE_KEY_EXPIRED when the pair was revoked after the request was let in */
  async assertUnrevoked(accountId: string, keyPairId: string): Promise<void> {
    if (!(await isUnrevoked(this.#reader, accountId, keyPairId))) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  }
}
