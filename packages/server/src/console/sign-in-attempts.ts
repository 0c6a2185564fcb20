import { LRUCache } from "lru-cache";

const intervalMs = 5 * 60_000;

/** More addresses than an honest crowd signs in from. Beyond it, the attempts of those that tried first are forgotten. */
const maxKnown = 10_000;

interface Interval {
  readonly endsAt: number;
  count: number;
}

/**
 * Counts failed attempts to sign in, in intervals that begin with a first one. The counts belong to one process:
 * strangers never cause a write into the database.
 */
export class SignInAttempts {
  readonly #known = new LRUCache<string, Interval>({ max: maxKnown });

  /**
   * Counts a failed attempt of the party, or doesn't if it had as many as it may have.
   * @returns for how many milliseconds the party is told no more why it fails; 0 where it is told
   */
  count(party: string, limit: number, now: number): number {
    let interval = this.#known.get(party);
    if (interval === undefined || now >= interval.endsAt || now < interval.endsAt - intervalMs) {
      interval = { endsAt: now + intervalMs, count: 0 };
      this.#known.set(party, interval);
    }
    if (interval.count >= limit) return interval.endsAt - now;
    interval.count += 1;
    return 0;
  }
}
