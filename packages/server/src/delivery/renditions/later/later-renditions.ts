import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { Database } from "../../../database/database.ts";
import type { AskedRendition } from "./ask-for-rendition.ts";
import { askForRendition } from "./ask-for-rendition.ts";
import { askedMs } from "./remembered-failures.ts";

const maxRemembered = 10_000;
/** The time for which an account with too many jobs isn't counted anew. */
const fullMs = 5_000;
/** The time between two looks whether a job is done. */
const lookMs = 1000;
/** The requests of this process that wait for jobs. Further ones don't wait. */
const maxWaitingRequests = 64;

/** Has renditions made by jobs, which go on when the clients that asked are gone. */
export class LaterRenditions {
  readonly #database: Pick<Database, "run">;
  readonly #asked = new LRUCache<string, true>({ max: maxRemembered, ttl: askedMs });
  /** The accounts of which too many jobs are waiting, with the number that is too many. */
  readonly #full = new LRUCache<string, true>({ max: maxRemembered, ttl: fullMs });

  readonly #waitMs: number;
  #waiting = 0;
  #waits = true;

  /** @param waitMs for how long `wait` waits */
  constructor(database: Pick<Database, "run">, waitMs: number) {
    this.#database = database;
    this.#waitMs = waitMs;
  }

  /**
   * Asks for a rendition. A client that asks again and again causes few jobs more, one after the other, and those find
   * what the first one has made.
   * @returns false when too many of the account's jobs are waiting
   */
  async ask(asked: AskedRendition): Promise<boolean> {
    if (this.#asked.has(asked.key)) return true;
    const { kind, input } = asked.job;
    const bound = `${kind} ${input.accountId} ${asked.maxWaiting}`;
    if (this.#full.has(bound)) return false;
    const isAsked = await this.#database.run(askForRendition, asked);
    if (isAsked) this.#asked.set(asked.key, true);
    else this.#full.set(bound, true);
    return isAsked;
  }

  /** Lets the rendition be asked for again. It was made, or it failed; it may be lost from the cache later. */
  forget(key: string): void {
    this.#asked.delete(key);
  }

  /**
   * Waits a while for what a job makes, where clients get something else meanwhile.
   * @param find looks for it. It may ask the bucket, so it is called once a second.
   * @returns undefined where it doesn't come in time, too many wait already, or the waits were ended
   * @throws what `find` throws; the signal's reason
   */
  async wait<Found>(find: () => Promise<Found | undefined>, signal: AbortSignal): Promise<Found | undefined> {
    if (this.#waiting >= maxWaitingRequests) return undefined;
    this.#waiting += 1;
    try {
      const end = performance.now() + this.#waitMs;
      for (let left = this.#waitMs; left > 0 && this.#waits; left = end - performance.now()) {
        await sleep(Math.min(lookMs, left), undefined, { signal });
        const found = await find();
        if (found !== undefined) return found;
      }
      return undefined;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Ends the waits with their next look, and those that come at once: a server that ends makes nothing any more. */
  endWaits(): void {
    this.#waits = false;
  }
}
