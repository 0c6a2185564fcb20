import { SluiceError } from "@sluice/protocol";
import type { Connection } from "../database/database.ts";
import { findKeyPair, isUnrevoked, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import { hashPrivateKey } from "./key-pair.ts";
import type { KeyUses } from "./key-uses.ts";

/**
 * Is told of an account as soon as a request leads to it.
 * @param isProven whether the request has proved that it holds a key pair of the account
 */
export type OnAccount = (accountId: string, isProven: boolean) => void;

/**
 * The key pairs as they are now, each with what its account allows. Each request looks its pair up and none is
 * remembered, so the end of a pair, or a change of its account, takes effect at once in every process of every node.
 * The caller checks whether a pair has expired.
 */
export class AccountsByKey {
  readonly #reader: Connection;
  readonly #uses: Pick<KeyUses, "note"> | undefined;
  readonly #onAccount: OnAccount | undefined;

  /**
   * @param uses keeps the day of each pair's last use; without it no day is kept
   * @param onAccount is told of the accounts that are found
   */
  constructor(reader: Connection, uses?: Pick<KeyUses, "note">, onAccount?: OnAccount) {
    this.#reader = reader;
    this.#uses = uses;
    this.#onAccount = onAccount;
  }

  /** The same for one request, which is told of the account that it speaks for, or only says it does. */
  telling(onAccount: OnAccount): AccountsByKey {
    return new AccountsByKey(this.#reader, this.#uses, onAccount);
  }

  /** @param publicKey untrusted text */
  async byPublicKey(publicKey: string): Promise<KeyPairWithAccount | undefined> {
    const pair = await findKeyPair(this.#reader, { public_key: publicKey });
    // A public key is known to everybody.
    if (pair !== undefined) this.#onAccount?.(pair.account_id, false);
    return pair;
  }

  /** @param privateKey untrusted text; its hash is looked up */
  async byPrivateKey(privateKey: string): Promise<KeyPairWithAccount | undefined> {
    const pair = await findKeyPair(this.#reader, { private_key_hash: hashPrivateKey(privateKey) });
    if (pair !== undefined) this.#onAccount?.(pair.account_id, true);
    return pair;
  }

  /** Called once a request has proved that it holds the pair. */
  noteUse(pair: Pick<KeyPairWithAccount, "account_id" | "id" | "last_used_on">, now: number): void {
    this.#uses?.note(pair, now);
    this.#onAccount?.(pair.account_id, true);
  }

  /** @throws SluiceError PRIVATE_KEY_EXPIRED when the pair was revoked after the request was let in */
  async assertUnrevoked(accountId: string, keyPairId: string): Promise<void> {
    if (!(await isUnrevoked(this.#reader, accountId, keyPairId))) throw new SluiceError("PRIVATE_KEY_EXPIRED");
  }
}
