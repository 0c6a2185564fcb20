import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { Database } from "../database/database.ts";
import { dayOf } from "../text/day.ts";
import { type Counted, type CountedEvent, mediaTypeOf } from "./counted.ts";
import { recordUsage } from "./usage-transactions.ts";

interface UsageDeps {
  readonly database: Pick<Database, "run">;
  readonly logger: Pick<Logger, "warn">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** A delivery as it is counted. */
interface Delivered {
  readonly accountId: string;
  readonly status: number;
  /** The answer's content type, as its header says it. */
  readonly type: string | undefined;
}

interface Counter {
  readonly counted: Counted;
  requests: number;
  bytes: number;
  /** Whether the database has not been told of the last change. */
  changed: boolean;
}

const flushMs = 5000;
/** The number of rows that one transaction writes. */
const rowsAtOnce = 500;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Counts this process's deliveries by account, day, status and content type, and other events by their names. The totals
 * go to the database every few seconds, where they replace earlier totals of the same process. So each delivery counts
 * once, however often a total is written, and no process ever waits for another one's row. A process that is killed loses
 * what it has counted since.
 */
export class UsageCounts {
  readonly #deps: UsageDeps;
  /** Names this process's totals in the database. */
  readonly #source = `${process.pid}-${randomBytes(9).toString("base64url")}`;
  readonly #counters = new Map<string, Counter>();
  #timer: NodeJS.Timeout | undefined;
  #day = { name: "", ends: 0 };
  #flushing: Promise<void> | undefined;

  constructor(deps: UsageDeps) {
    this.#deps = deps;
  }

  /** From now on totals are recorded by themselves. */
  start(): void {
    this.#timer ??= setInterval(() => void this.flush(), flushMs).unref();
  }

  /** Counts a request and the bytes of its body, or only further bytes. */
  add({ accountId, status, type = "" }: Delivered, requests: 0 | 1, bytes: number): void {
    this.#increase({ accountId, what: String(status), name: mediaTypeOf(type) }, requests, bytes);
  }

  count(accountId: string, { kind, name }: CountedEvent): void {
    this.#increase({ accountId, what: kind, name }, 1, 0);
  }

  /** Records all that has been counted. Never throws: what can't be recorded now is recorded later. */
  async flush(): Promise<void> {
    // One that is under way may have passed the newest counts already.
    await this.#flushing;
    this.#flushing ??= this.#record().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  /** Gives up what a database that hangs does not take in time. */
  async close(maxMs = closeMs): Promise<void> {
    clearInterval(this.#timer);
    await endedWithin(maxMs, this.flush());
  }

  async #record(): Promise<void> {
    const changed = [...this.#counters.values()].filter((counter) => counter.changed);
    try {
      for (let start = 0; start < changed.length; start += rowsAtOnce) {
        const page = changed.slice(start, start + rowsAtOnce);
        const counts = page.map(({ counted, requests, bytes }) => ({ ...counted, requests, bytes }));
        await this.#deps.database.run(recordUsage, { source: this.#source, counts });
        // Counters may have gone on meanwhile.
        for (const [index, counter] of page.entries()) {
          const recorded = counts[index];
          counter.changed = counter.requests !== recorded?.requests || counter.bytes !== recorded.bytes;
        }
      }
    } catch (error) {
      this.#deps.logger.warn({ err: error }, "usage could not be recorded yet");
    }
    this.#forgetEarlierDays();
  }

  #increase({ accountId, what, name }: Omit<Counted, "day">, requests: number, bytes: number): void {
    const day = this.#today();
    const key = `${accountId} ${day} ${what} ${name}`;
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      counter = { counted: { accountId, day, what, name }, requests: 0, bytes: 0, changed: true };
      this.#counters.set(key, counter);
    }
    counter.requests += requests;
    counter.bytes += bytes;
    counter.changed = true;
  }

  #today(): string {
    const now = this.#deps.now();
    if (now >= this.#day.ends || now < this.#day.ends - dayMs) {
      this.#day = { name: dayOf(now), ends: now - (now % dayMs) + dayMs };
    }
    return this.#day.name;
  }

  /** Forgets the counters of days that are over for good, once the database has them. A clock may be set back a little. */
  #forgetEarlierDays(): void {
    const yesterday = dayOf(this.#deps.now() - dayMs);
    for (const [key, { changed, counted }] of this.#counters) {
      if (!changed && counted.day < yesterday) this.#counters.delete(key);
    }
  }
}
