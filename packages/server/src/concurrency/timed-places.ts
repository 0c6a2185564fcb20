import { type Party, serverParty } from "./fair-line.ts";
import { dearPlaces, type HeldPlaces, mayBegin, type Places, type WorkClass } from "./kept-place.ts";
import { cheapMs, dearMs, KnownCosts, type WorkFacts } from "./known-costs.ts";
import { NoTurnError } from "./no-turn-error.ts";
import { type ExpectedWork, Surprises, surprisesNow } from "./surprises.ts";
import { type ChargedWork, TimeCharges } from "./time-charges.ts";
import { TimedLine } from "./timed-line.ts";
import { UsedTime } from "./used-time.ts";
import { type Waiter, waitForTurn } from "./wait-for-turn.ts";
import { isServers, type WaitingWork } from "./waiting-work.ts";

export interface TimedPlacesOptions extends Places {
  /** The number of works that may wait. */
  readonly queueLimit: number;
  /** The time that a work may wait for a place. */
  readonly waitMs?: number | undefined;
}

/** A work that asks for a place. */
export interface AskedWork extends WorkFacts {
  /** The party for which the work is done; the server itself when no party is named. */
  readonly party?: Party | undefined;
  /** Whether the work may be stopped, and done once more from its beginning. */
  readonly restartable?: boolean | undefined;
}

/** A place that a work holds until it gives it back. */
export interface HeldPlace {
  /** Aborted when the work is to give its place back and ask for one again. It then counts as dear. */
  readonly givesWay: AbortSignal;
  /** Adds processor time that the work has cost, in milliseconds. Without a call, the time in the place is its cost. */
  charge(ms: number): void;
  /**
   * Adds processor time that was spent for the work beside its own, in milliseconds. It is paid for as well, but the same
   * work is not expected to cost it again.
   */
  chargeBeside(ms: number): void;
  /**
   * Asks the work how much processor time it has used so far, in milliseconds, so that its waits don't make it dear.
   * Without a meter, the time in the place counts.
   */
  meter(usedMs: () => number): void;
  /** Gives the place back. @param isWhole whether the work was done to its end */
  release(isWhole: boolean): void;
}

/** A work that had a place before, and asks for one again. */
export interface Before {
  /** The least that the work costs, in milliseconds. */
  readonly leastMs: number;
  /** The time from which it has waited, by performance.now(). */
  readonly since: number;
}

interface Work extends WaitingWork {
  readonly asked: AskedWork;
  /** The cost as it is known by now. `expectedMs` also has what an unknown file may cost. */
  readonly costMs: number;
}

interface Waiting extends Work {
  readonly waiter: Waiter<RunningWork>;
}

interface RunningWork extends ChargedWork, ExpectedWork {
  readonly asked: AskedWork;
  /** The class that the work had when it began. */
  readonly workClass: WorkClass;
  readonly givesWay: AbortController;
  isDear: boolean;
  /** Whether the work takes long. A work that isn't dear takes long where it waits, or others have the processor. */
  isLong: boolean;
  meter?: (() => number) | undefined;
  timer?: NodeJS.Timeout | undefined;
}

interface WorkEnd {
  readonly charged: number | undefined;
  readonly besideMs: number;
  readonly isWhole: boolean;
}

/**
 * After this wait, a work counts as cheap although its client or file has surprised, so that it is not left out for
 * ever. It goes on waiting for works of its own client that surprise right now.
 */
const doubtMs = 2000;

/** A work that has had its place for this long takes long, whatever it waits for. */
const longMs = 1000;
/** The shortest time between two looks at a work's processor time. */
const minLookMs = 50;

/** The time that works had taken when they gave way. Half of it is forgotten after two minutes. */
const lostTime = { halfLifeMs: 120_000, maxMs: Number.POSITIVE_INFINITY, maxNames: 1 };
/** The time that may be lost so, for each place. */
const maxLostMs = 8000;

/**
 * A few places for works, and a line of works that wait for them. Turns are given by the time that accounts, clients and
 * files have used (`TimedLine`), and a place is kept from works that take long (`mayBegin`).
 */
export class TimedPlaces {
  readonly #options: TimedPlacesOptions;
  readonly #costs = new KnownCosts();
  readonly #charges = new TimeCharges<RunningWork>();
  readonly #line = new TimedLine<Waiting>(this.#charges);
  readonly #surprises = new Surprises();
  readonly #lost = new UsedTime(lostTime);

  constructor(options: TimedPlacesOptions) {
    this.#options = options;
  }

  /** Whether the work would get a place, or wait for one. */
  hasRoomFor(asked: AskedWork): boolean {
    const work = this.#workOf(asked);
    return (
      this.#mayBegin(work) || this.#line.size < this.#options.queueLimit || this.#line.displacedBy(work) !== undefined
    );
  }

  /**
   * Waits for a place.
   * @param before what is known of a work that had a place before: the least that it costs, and since when it waits
   * @throws NoTurnError `full` or `late`; the signal's reason
   */
  async take(asked: AskedWork, signal: AbortSignal, before?: Before): Promise<HeldPlace> {
    signal.throwIfAborted();
    const work = this.#workOf(asked, before);
    return this.#heldBy(this.#mayBegin(work) ? this.#begin(work) : await this.#wait(work, signal, before));
  }

  async #wait(work: Work, signal: AbortSignal, before: Before | undefined): Promise<RunningWork> {
    const { queueLimit, waitMs } = this.#options;
    // A work that gave way is not refused for it. The line is longer by as many as there are places, at most.
    if (before === undefined && this.#line.size >= queueLimit) this.#displaceFor(work);
    // Nothing else may happen by the time at which the work no longer counts as doubtful.
    const timer = setTimeout(() => this.#admit(), doubtMs);
    try {
      return await waitForTurn<RunningWork>(
        (waiter) => {
          const waiting = Object.assign(work, { waiter });
          this.#line.join(waiting);
          this.#makeRoom();
          return () => this.#line.leave(waiting);
        },
        { waitMs: waitMs === undefined ? undefined : Math.max(work.since + waitMs - performance.now(), 0), signal },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  #displaceFor(newcomer: Work): void {
    const displaced = this.#line.displacedBy(newcomer);
    if (displaced === undefined) throw new NoTurnError("full");
    this.#line.leave(displaced);
    displaced.waiter.turnAway(new NoTurnError("full"));
  }

  #workOf(asked: AskedWork, before?: Before): Work {
    const costs = this.#costs;
    return {
      asked,
      payers: { party: asked.party ?? serverParty, files: asked.files ?? [] },
      since: before?.since ?? performance.now(),
      // While the work waits, others may show what it costs.
      get costMs() {
        return Math.max(costs.expect(asked).ms, before?.leastMs ?? 0);
      },
      get expectedMs() {
        return costs.expect(asked).isKnown ? this.costMs : Math.max(this.costMs, cheapMs);
      },
    };
  }

  #classOf(work: Work): WorkClass {
    const { costMs, payers, since } = work;
    if (costMs >= cheapMs) return costMs >= dearMs ? "dear" : "doubtful";
    const { running } = this.#charges;
    if (!isServers(work) && !this.#surprises.areLikely(payers, running)) return "cheap";
    return performance.now() - since < doubtMs || surprisesNow(payers, running) ? "doubtful" : "cheap";
  }

  get #held(): HeldPlaces {
    const running = [...this.#charges.running];
    return {
      all: running.length,
      long: running.filter(({ isLong }) => isLong).length,
      dear: running.filter(({ workClass }) => workClass === "dear").length,
    };
  }

  #mayBegin(work: Work): boolean {
    return mayBegin[this.#classOf(work)](this.#held, this.#options);
  }

  #begin(work: Work): RunningWork {
    const { asked, payers, costMs, expectedMs } = work;
    const isDear = costMs >= cheapMs;
    const running: RunningWork = {
      asked,
      payers,
      began: performance.now(),
      expectedMs,
      workClass: this.#classOf(work),
      seemedCheap: !isDear,
      isDear,
      isLong: isDear,
      givesWay: new AbortController(),
    };
    if (!isDear) running.timer = setTimeout(() => this.#lookAt(running), cheapMs);
    this.#charges.begin(running);
    return running;
  }

  #lookAt(running: RunningWork): void {
    const elapsed = performance.now() - running.began;
    const used = running.meter?.() ?? elapsed;
    const wasLong = running.isLong;
    running.isDear = used >= cheapMs;
    running.isLong ||= running.isDear || elapsed >= longMs;
    if (!running.isDear) {
      const next = elapsed < longMs ? Math.min(cheapMs - used, longMs - elapsed) : cheapMs - used;
      running.timer = setTimeout(() => this.#lookAt(running), Math.max(next, minLookMs));
    }
    if (running.isLong && !wasLong) this.#admit();
    else if (running.isDear) this.#makeRoom();
  }

  #heldBy(running: RunningWork): HeldPlace {
    let charged: number | undefined;
    let besideMs = 0;
    return {
      givesWay: running.givesWay.signal,
      charge: (ms) => {
        charged = (charged ?? 0) + ms;
      },
      chargeBeside: (ms) => {
        besideMs += ms;
      },
      meter: (usedMs) => {
        running.meter = usedMs;
      },
      release: (isWhole) => this.#end(running, { charged, besideMs, isWhole }),
    };
  }

  #end(running: RunningWork, { charged, besideMs, isWhole }: WorkEnd): void {
    clearTimeout(running.timer);
    const cost = charged ?? performance.now() - running.began;
    this.#charges.end(running, cost + besideMs);
    if (running.seemedCheap && cost >= cheapMs) this.#surprises.add(running.payers, cost);
    if (running.givesWay.signal.aborted && !isWhole) this.#costs.learn(running.asked, Math.max(cost, dearMs));
    // A work that was stopped early cost at least what it was charged.
    else if (isWhole || (charged ?? 0) >= cheapMs) this.#costs.learn(running.asked, cost);
    this.#admit();
  }

  #admit(): void {
    // Where a cheap work may not begin, no other may.
    while (this.#line.size > 0 && mayBegin.cheap(this.#held, this.#options)) {
      const next = this.#line.next((work) => this.#mayBegin(work));
      if (next === undefined) break;
      next.waiter.admit(this.#begin(next));
    }
    this.#makeRoom();
  }

  /**
   * Has works give way that turned out to be dear, where works that take long hold all places, the extra ones too, and
   * cheap works wait. The time that is lost by this is bounded.
   */
  #makeRoom(): void {
    const running = [...this.#charges.running].reverse();
    if (running.some(({ isLong, givesWay }) => !isLong || givesWay.signal.aborted)) return;
    let waiting = 0;
    for (const work of this.#line) if (this.#classOf(work) === "cheap") waiting++;
    const surplus = Math.min(waiting, running.length - dearPlaces(this.#options));
    const latest = running.filter(
      ({ seemedCheap, isDear, asked }) => seemedCheap && isDear && asked.restartable === true,
    );
    for (const { began, givesWay } of latest.slice(0, Math.max(surplus, 0))) {
      if (this.#lost.of("all") > maxLostMs * this.#options.places) return;
      this.#lost.add("all", performance.now() - began);
      givesWay.abort(new Error("The work makes room for others, and begins again later"));
    }
  }
}
