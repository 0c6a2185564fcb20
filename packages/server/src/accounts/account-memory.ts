import { LRUCache } from "lru-cache";
import type { Connection } from "../database/database.ts";
import { findAccountRevision } from "../database/repositories/accounts.ts";

export interface AccountMemoryOptions<Value> {
  readonly read: (reader: Connection, accountId: string) => Promise<Measured<Value>>;
  /** Of all accounts together, in what `length` counts. */
  readonly maxLength: number;
}

export interface Measured<Value> {
  readonly value: Value;
  /** What it takes of the memory, about: characters. */
  readonly length: number;
}

interface Remembered<Value> extends Measured<Value> {
  readonly revision: number;
}

/**
 * What is read of an account and remembered for as long as the account's revision stays the same. Every use looks at the
 * revision, so a change that is committed holds at once in every process of every node. What isn't there is remembered
 * no longer than what is: whatever adds it makes another revision.
 */
export class AccountMemory<Value> {
  readonly #reader: Connection;
  readonly #read: AccountMemoryOptions<Value>["read"];
  readonly #known: LRUCache<string, Remembered<Value>>;

  constructor(reader: Connection, { read, maxLength }: AccountMemoryOptions<Value>) {
    this.#reader = reader;
    this.#read = read;
    this.#known = new LRUCache({ maxSize: maxLength, sizeCalculation: ({ length }) => length });
  }

  /** @param seen the account's revision, where the caller has just read it along with something else */
  async of(accountId: string, seen?: number): Promise<Value> {
    // First: what has changed by the time it is read is kept under a revision that is over.
    const revision = seen ?? (await findAccountRevision(this.#reader, accountId));
    const known = this.#known.get(accountId);
    if (known !== undefined && known.revision === revision) return known.value;
    const measured = await this.#read(this.#reader, accountId);
    if (revision !== undefined) this.#known.set(accountId, { ...measured, revision });
    return measured.value;
  }
}
