import { LRUCache } from "lru-cache";
import type { Connection } from "../database/database.ts";
import { findAccountRevision } from "../database/repositories/accounts.ts";

export interface AccountMemoryOptions<Value> {
  readonly read: (reader: Connection, accountId: string) => Promise<Measured<Value>>;
  /** The maximum for all accounts together, in the unit of `length`. */
  readonly maxLength: number;
}

export interface Measured<Value> {
  readonly value: Value;
  /** Roughly how much memory the value takes, in characters. */
  readonly length: number;
}

interface Remembered<Value> extends Measured<Value> {
  readonly revision: number;
}

/**
 * Values that are read for an account and remembered for as long as the account's revision stays the same. Every use
 * reads the revision, so a committed change takes effect at once in every process of every node. A missing value is
 * remembered no longer than any other, because whatever adds it makes another revision.
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

  /** @param seen the account's revision, where the caller has just read it together with something else */
  async of(accountId: string, seen?: number): Promise<Value> {
    // The revision is read first: a change made before the value is read is then kept under a revision that is over.
    const revision = seen ?? (await findAccountRevision(this.#reader, accountId));
    const known = this.#known.get(accountId);
    if (known !== undefined && known.revision === revision) return known.value;
    const measured = await this.#read(this.#reader, accountId);
    if (revision !== undefined) this.#known.set(accountId, { ...measured, revision });
    return measured.value;
  }
}
