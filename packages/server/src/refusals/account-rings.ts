import type { Refusal } from "./refusal.ts";

/** The approximate memory of an entry besides its texts. */
const entryOverheadBytes = 400;

interface Ring {
  readonly entries: Refusal[];
  bytes: number;
}

export interface RingLimits {
  readonly entriesPerAccount: number;
  /** Approximate, for all accounts together. */
  readonly bytes: number;
}

/**
 * The newest refusals of each account. When all of them together take too much memory, the account that has had no
 * refusal for the longest time is forgotten.
 */
export class AccountRings {
  readonly #limits: RingLimits;
  /** The account whose last refusal is the longest ago comes first. */
  readonly #rings = new Map<string, Ring>();
  #bytes = 0;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(accountId: string, refusal: Refusal): void {
    const ring = this.#rings.get(accountId) ?? { entries: [], bytes: 0 };
    this.#rings.delete(accountId);
    this.#rings.set(accountId, ring);
    ring.entries.push(refusal);
    this.#count(ring, bytesOf(refusal));
    if (ring.entries.length > this.#limits.entriesPerAccount) this.#dropOldest(ring);
    for (const [id, { bytes }] of this.#rings) {
      if (this.#bytes <= this.#limits.bytes) return;
      this.#rings.delete(id);
      this.#bytes -= bytes;
    }
  }

  of(accountId: string): readonly Refusal[] {
    return this.#rings.get(accountId)?.entries ?? [];
  }

  #dropOldest(ring: Ring): void {
    const oldest = ring.entries.shift();
    if (oldest !== undefined) this.#count(ring, -bytesOf(oldest));
  }

  #count(ring: Ring, bytes: number): void {
    ring.bytes += bytes;
    this.#bytes += bytes;
  }
}

/** Node keeps a text in one or two bytes a character. */
function bytesOf({ message, help, parameter, reason }: Refusal): number {
  const characters = message.length + (help?.length ?? 0) + (parameter?.length ?? 0) + reason.length;
  return entryOverheadBytes + 2 * characters;
}
