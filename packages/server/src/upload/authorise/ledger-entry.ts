import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import type { BurnTokenInput } from "../token-transactions.ts";

/**
 * A token's row in the ledger, which makes it single use. That of a small upload is written by the transaction that stores
 * the upload, one instead of two. Until then this process remembers the token, and writes the row by itself before
 * anybody is told that it has been used up: who presents it again, who is refused, who asks what became of it.
 */
export class LedgerEntry {
  readonly row: BurnTokenInput;
  readonly #write: (row: BurnTokenInput) => Promise<boolean>;
  #written: Promise<boolean> | undefined;

  constructor(row: BurnTokenInput, write: (row: BurnTokenInput) => Promise<boolean>) {
    this.row = row;
    this.#write = write;
  }

  /** Whether it is on disk, or on its way there. */
  get isWritten(): boolean {
    return this.#written !== undefined;
  }

  /** It came with what the upload has stored. */
  noteStored(): void {
    this.#written = Promise.resolve(true);
  }

  /** Resolves once the row is on disk: false when it had been there before. When it rejects, it may be tried again. */
  write(): Promise<boolean> {
    this.#written ??= this.#write(this.row).catch((error: unknown) => {
      this.#written = undefined;
      throw error;
    });
    return this.#written;
  }
}

/** The token that an upload was let in with. */
export interface HeldToken extends TokenKey {
  /** Absent where the row is there for sure. */
  readonly entry?: LedgerEntry;
}
