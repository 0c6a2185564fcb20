import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { Database } from "../database/database.ts";
import { dayOf } from "../text/day.ts";
import { type CountedEvent, countedIn, keyOf, mediaTypeOf } from "./counted.ts";
import { CounterFile, maxKeyBytes } from "./counter-file.ts";
import { recoverCounts } from "./recover-counts.ts";
import type { recordUsage, UsageTotal } from "./usage-transactions.ts";

export interface UsageNeeds {
  readonly database: Pick<Database<{ readonly recordUsage: typeof recordUsage }>, "run">;
  readonly logger: Pick<Logger, "warn">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** A delivery as it is counted. */
export interface Delivered {
  readonly accountId: string;
  readonly status: number;
  /** The answer's content type, as its header says it. */
  readonly type: string | undefined;
}

interface Counter {
  readonly slot: number;
  readonly day: string;
  readonly key: string;
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
 * Counts this process's deliveries by account, day, status and content type, and other events by their names. A number is
 * in a file before the bytes that it counts are sent, so that a process that is killed has counted whatever it sent. The
 * totals go to the database every few seconds, where they replace earlier totals of the same process. So each delivery
 * counts once, however often a total is written, and no process ever waits for another one's row.
 */
export class UsageCounts {
  readonly #needs: UsageNeeds;
  readonly #folder: string;
  /** Names this process's totals in the database. */
  readonly #source = `${process.pid}-${randomBytes(9).toString("base64url")}`;
  readonly #counters = new Map<string, Counter>();
  /** The counters whose last change is not in the file yet. */
  readonly #unwritten = new Set<Counter>();
  readonly #freeSlots: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #file: CounterFile | undefined;
  #slots = 0;
  #day = { name: "", ends: 0 };
  #flushing: Promise<void> | undefined;
  #warned = false;
  #closed = false;

  /** Makes no file before something is counted. */
  constructor(needs: UsageNeeds, dataDir: string) {
    this.#needs = needs;
    this.#folder = join(dataDir, "usage");
  }

  /** Records what earlier processes have counted and could not record. From now on totals are recorded by themselves. */
  async start(): Promise<void> {
    await this.#recover("all");
    this.#timer ??= setInterval(() => void this.#tick(), flushMs).unref();
  }

  /** Counts a request and the bytes of its body, or only further bytes. Call it before the bytes are sent. */
  add(delivered: Delivered, requests: 0 | 1, bytes: number): void {
    this.note(delivered, requests, bytes);
    this.write();
  }

  /** Counts like `add`, for deliveries that are sent together: `write` must be called before the first of them is sent. */
  note({ accountId, status, type = "" }: Delivered, requests: 0 | 1, bytes: number): void {
    this.#increase(this.#counterOf(accountId, String(status), mediaTypeOf(type)), requests, bytes);
  }

  /**
   * Counts an event, with the bytes that it is about. A use of the cache comes with a delivery, and is in the file with
   * the next of these.
   */
  count(accountId: string, { kind, name }: CountedEvent, bytes = 0): void {
    this.#increase(this.#counterOf(accountId, kind, name), 1, bytes);
    if (kind !== "cache") this.write();
  }

  /** Writes to the file what it doesn't have yet. */
  write(): void {
    for (const counter of this.#unwritten) {
      this.#try(() => this.#file?.set(counter.slot, counter.requests, counter.bytes));
    }
    this.#unwritten.clear();
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

  /** Leaves in the file, for the next start, what a database that hangs does not take in time. */
  async close(maxMs = closeMs): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await endedWithin(maxMs, this.flush());
    const file = this.#file;
    // A delivery that still goes on must not write to the descriptor, which another file may get.
    this.#file = undefined;
    file?.close();
    const isRecorded = [...this.#counters.values()].every(({ changed }) => !changed);
    if (isRecorded && file !== undefined) await rm(this.#path(), { force: true });
  }

  async #tick(): Promise<void> {
    this.#try(() => this.#file?.touch());
    await this.flush();
    await this.#recover("ended");
  }

  async #recover(which: "all" | "ended"): Promise<void> {
    const { database, logger } = this.#needs;
    const record = (source: string, counts: readonly UsageTotal[]) =>
      inPages(counts, (page) => database.run("recordUsage", { source, counts: page }));
    await recoverCounts(this.#folder, { which, except: this.#source }, record).catch((error: unknown) => {
      logger.warn({ err: error }, "what another process has counted can't be recorded yet");
    });
  }

  async #record(): Promise<void> {
    this.write();
    const changed = [...this.#counters.values()].filter((counter) => counter.changed);
    try {
      await inPages(changed, async (page) => {
        const counts = page.map(({ key, requests, bytes }) => ({ ...countedIn(key), requests, bytes }));
        await this.#needs.database.run("recordUsage", { source: this.#source, counts });
        // Counters may have gone on meanwhile. Until the database has answered, the file is all that keeps them.
        for (const [index, counter] of page.entries()) {
          const recorded = counts[index];
          counter.changed = counter.requests !== recorded?.requests || counter.bytes !== recorded.bytes;
        }
      });
    } catch (error) {
      this.#needs.logger.warn({ err: error }, "usage could not be recorded yet");
    }
    this.#forgetEarlierDays();
  }

  #increase(counter: Counter, requests: number, bytes: number): void {
    counter.requests += requests;
    counter.bytes += bytes;
    counter.changed = true;
    this.#unwritten.add(counter);
  }

  #counterOf(accountId: string, what: string, name: string): Counter {
    const day = this.#today();
    const key = keyOf({ accountId, day, what, name }, maxKeyBytes);
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      const slot = this.#freeSlots.pop() ?? this.#slots++;
      counter = { slot, day, key, requests: 0, bytes: 0, changed: true };
      this.#counters.set(key, counter);
      this.#try(() => {
        if (this.#closed) return;
        this.#file ??= this.#makeFile();
        this.#file.begin(slot, key);
      });
    }
    return counter;
  }

  #today(): string {
    const now = this.#needs.now();
    if (now >= this.#day.ends || now < this.#day.ends - dayMs) {
      this.#day = { name: dayOf(now), ends: now - (now % dayMs) + dayMs };
    }
    return this.#day.name;
  }

  /** Frees the counters of days that are over for good, once the database has them. A clock may be set back a little. */
  #forgetEarlierDays(): void {
    const yesterday = dayOf(this.#needs.now() - dayMs);
    for (const [key, counter] of this.#counters) {
      if (counter.changed || counter.day >= yesterday) continue;
      this.#counters.delete(key);
      this.#unwritten.delete(counter);
      this.#freeSlots.push(counter.slot);
    }
  }

  #makeFile(): CounterFile {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    return new CounterFile(this.#path());
  }

  #path(): string {
    return join(this.#folder, `${this.#source}.counts`);
  }

  /** A disk that is full must not end a delivery. Its counters are in memory, and the database gets them from there. */
  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!this.#warned) this.#needs.logger.warn({ err: error }, "usage is counted in memory alone");
      this.#warned = true;
    }
  }
}

async function inPages<Row>(rows: readonly Row[], write: (page: readonly Row[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) await write(rows.slice(start, start + rowsAtOnce));
}
