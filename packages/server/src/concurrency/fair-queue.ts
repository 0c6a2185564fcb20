import { FairLine, type Party, serverParty } from "./fair-line.ts";
import { NoSlotError, type NoSlotReason, TaskRuns, type Waiter, waitForSlot } from "./wait-for-slot.ts";

export interface FairQueueOptions {
  /** The number of slots, or of bytes where works of different weights share them. */
  readonly capacity: number;
  /** The number of works that may wait; undefined means any number. */
  readonly queueLimit?: number | undefined;
  /** The time that a work may wait; undefined means any time. */
  readonly waitMs?: number | undefined;
  /** The part of the capacity that one account may have; 1 stands for all of it. */
  readonly accountShare?: number;
  /** The part of the capacity that one client may have. */
  readonly clientShare?: number;
  /** Whether a client is served only when no other client that could be served is waiting. */
  readonly isLast?: (client: string) => boolean;
  /** Makes the error of a work that gets no slot; NoSlotError where there is none. */
  readonly refusal?: (cause: NoSlotError) => Error;
}

/** The part of the capacity that a work has taken. */
export interface Slot {
  /** Gives the slot back; a second call does nothing. */
  release(): void;
}

interface Waiting {
  readonly party: Party;
  readonly weight: number;
  readonly waiter: Waiter<Slot>;
}

/**
 * Bounds how much is done at once, and lets further works wait. Accounts are served in turn, and so are the clients of
 * an account. A party that has used up its own share is passed over, so it holds up nobody behind it. A work that waits
 * for free capacity is overtaken by none. A work for which there is no room in the queue is refused at once, unless
 * another party has many more in the queue: then that party's last work is refused.
 *
 * It is for works that cost about the same, or whose weight is known. `TimedQueue` serves by the time that works take.
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #accountLimit: number;
  readonly #clientLimit: number;
  readonly #byAccount = new Counts();
  readonly #byClient = new Counts();
  readonly #line = new FairLine<Waiting>();
  readonly #runs = new TaskRuns(() => this.#refusal("closed"));
  #taken = 0;

  constructor(options: FairQueueOptions) {
    const { capacity, accountShare = 1, clientShare = 1 } = options;
    this.#options = options;
    this.#accountLimit = accountShare < 1 ? Math.ceil(capacity * accountShare) : Number.POSITIVE_INFINITY;
    this.#clientLimit = clientShare < 1 ? Math.ceil(capacity * clientShare) : Number.POSITIVE_INFINITY;
  }

  get usage(): { readonly taken: number; readonly waiting: number } {
    return { taken: this.#taken, waiting: this.#line.size };
  }

  /** The number of works that wait, party by party. */
  *waiting(): Generator<readonly [party: Party, count: number]> {
    for (const [party, { size }] of this.#line) yield [party, size];
  }

  /** Whether the party's client, or its account, has too much for a further work. One that has nothing may have any work. */
  exceedsShare({ account, client }: Party, weight = 1): boolean {
    const exceeds = (held: number, limit: number): boolean => held > 0 && held + weight > limit;
    return (
      exceeds(this.#byClient.of(client), this.#clientLimit) || exceeds(this.#byAccount.of(account), this.#accountLimit)
    );
  }

  /**
   * Takes a slot without waiting.
   * @returns undefined when the party can have none now, or when works wait for what is free
   */
  tryTake(party: Party, weight = 1): Slot | undefined {
    const isFree = this.#fits(weight) && !this.exceedsShare(party, weight) && !this.#isAwaited(party);
    return isFree ? this.#take(party, weight) : undefined;
  }

  /**
   * Waits for a slot.
   * @param weight no more than the capacity
   * @throws the error of `refusal` when there is no room, or the wait is too long; the signal's reason
   */
  async take(party: Party, signal?: AbortSignal, weight = 1): Promise<Slot> {
    signal?.throwIfAborted();
    const slot = this.tryTake(party, weight);
    if (slot !== undefined) return slot;
    const { queueLimit = Number.POSITIVE_INFINITY, waitMs } = this.#options;
    if (this.#line.size >= queueLimit) {
      const displaced = this.#line.displaceFor(party);
      if (displaced === undefined) throw this.#refusal("full");
      displaced.waiter.turnAway(this.#refusal("full"));
    }
    return waitForSlot<Slot>(
      (waiter) => {
        const waiting = { party, weight, waiter };
        this.#line.join(party, waiting);
        return () => this.#leave(waiting);
      },
      { waitMs, signal, late: () => this.#refusal("late") },
    );
  }

  /**
   * Runs the task in a slot. A waiting task gives up when the signal aborts. A running task keeps its slot until it ends.
   * @throws what `take` and the task throw; the error of `refusal` when the queue is closed; the signal's reason
   */
  run<T>(task: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal, party = serverParty): Promise<T> {
    return this.#runs.run(async (stop) => {
      const slot = this.tryTake(party) ?? (await this.take(party, stop));
      try {
        stop.throwIfAborted();
        return await task(stop);
      } finally {
        slot.release();
      }
    }, signal);
  }

  /** Refuses tasks that wait or come, and waits for those that run. */
  close(): Promise<void> {
    return this.#runs.close();
  }

  #refusal(reason: NoSlotReason): Error {
    const error = new NoSlotError(reason);
    return this.#options.refusal?.(error) ?? error;
  }

  #fits(weight: number): boolean {
    return this.#taken + weight <= this.#options.capacity;
  }

  /** Whether works wait that a new one of the party would overtake. */
  #isAwaited(newcomer: Party): boolean {
    if (this.#line.has(newcomer)) return true;
    for (const [party, [first]] of this.#line) {
      if (first !== undefined && !this.exceedsShare(party, first.weight)) return true;
    }
    return false;
  }

  #take(party: Party, weight: number): Slot {
    this.#add(party, weight);
    let held = weight;
    return {
      release: () => {
        this.#add(party, -held);
        held = 0;
        this.#admit();
      },
    };
  }

  #leave(waiting: Waiting): boolean {
    const left = this.#line.leave(waiting.party, waiting);
    // A work that gives up may have held up others.
    if (left) this.#admit();
    return left;
  }

  #admit(): void {
    const { capacity, isLast } = this.#options;
    while (this.#line.size > 0 && this.#taken < capacity) {
      const next = (isLast && this.#next(({ client }) => !isLast(client))) ?? this.#next();
      if (next === undefined) return;
      next.waiter.admit(this.#take(next.party, next.weight));
    }
  }

  #next(may?: (party: Party) => boolean): Waiting | undefined {
    let isFull = false;
    return this.#line.next((party, { weight }) => {
      if (isFull || this.exceedsShare(party, weight) || may?.(party) === false) return false;
      isFull = !this.#fits(weight);
      return !isFull;
    });
  }

  #add({ account, client }: Party, weight: number): void {
    this.#taken += weight;
    if (Number.isFinite(this.#accountLimit)) this.#byAccount.add(account, weight);
    if (Number.isFinite(this.#clientLimit)) this.#byClient.add(client, weight);
  }
}

/** Counts how much of something belongs to each key. A key that has nothing is not remembered. */
export class Counts {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, change: number): void {
    const count = this.of(key) + change;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }
}
