import { LRUCache } from "lru-cache";
import type { Database } from "../../../database/database.ts";
import type { AskedRendition, askForRendition } from "./ask-for-rendition.ts";
import { askedMs } from "./remembered-failures.ts";

const maxRemembered = 10_000;
/** The time for which an account with too many jobs isn't counted anew. */
const fullMs = 5_000;

/** Has renditions made by jobs, which go on when the clients that asked are gone. */
export class LaterRenditions {
  readonly #database: Pick<Database<{ readonly askForRendition: typeof askForRendition }>, "run">;
  readonly #asked = new LRUCache<string, true>({ max: maxRemembered, ttl: askedMs });
  /** The accounts of which too many jobs are waiting, with the number that is too many. */
  readonly #full = new LRUCache<string, true>({ max: maxRemembered, ttl: fullMs });

  /** The time for which a request waits for what a job makes, where a client gets something else meanwhile. */
  readonly waitMs: number;

  constructor(database: Pick<Database<{ readonly askForRendition: typeof askForRendition }>, "run">, waitMs: number) {
    this.#database = database;
    this.waitMs = waitMs;
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
    const isAsked = await this.#database.run("askForRendition", asked);
    if (isAsked) this.#asked.set(asked.key, true);
    else this.#full.set(bound, true);
    return isAsked;
  }

  /** Lets the rendition be asked for again. It was made, or it failed; it may be lost from the cache later. */
  forget(key: string): void {
    this.#asked.delete(key);
  }
}
