import { LRUCache } from "lru-cache";

const intervalMs = 5 * 60_000;

/** More addresses than an honest crowd signs in from. Beyond it, the attempts of those that tried first are forgotten. */
const maxKnown = 10_000;

interface Interval {
  readonly endsAt: number;
  count: number;
}

/**
 * Counts attempts to sign in, in intervals that begin with a first one. An attempt counts before it is judged, so that
 * many at once are bounded as well, and is taken back when it succeeds. The counts belong to one process: strangers
 * never cause a write into the database.
 */
export class SignInAttempts {
  readonly #known = new LRUCache<string, Interval>({ max: maxKnown });

  /**
   * Counts an attempt of the party, or doesn't if it had as many as it may have.
   * @returns how many milliseconds the party has to wait; 0 where the attempt may be judged
   */
  take(party: string, limit: number, now: number): number {
    let interval = this.#known.get(party);
    if (interval === undefined || now >= interval.endsAt || now < interval.endsAt - intervalMs) {
      interval = { endsAt: now + intervalMs, count: 0 };
      this.#known.set(party, interval);
    }
    if (interval.count >= limit) return interval.endsAt - now;
    interval.count += 1;
    return 0;
  }

  /** Takes the last attempt of the party back. */
  forgive(party: string): void {
    const interval = this.#known.get(party);
    if (interval !== undefined && interval.count > 0) interval.count -= 1;
  }
}
