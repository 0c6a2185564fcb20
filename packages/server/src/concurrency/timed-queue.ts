import { serverParty } from "./fair-line.ts";
import { isServers, TimedLine, type WaitingWork } from "./timed-line.ts";
import { type ChargedWork, TimeCharges, UsedTime } from "./used-time.ts";
import { NoSlotError, TaskRuns, type Waiter, waitForSlot } from "./wait-for-slot.ts";
import {
  type AskedWork,
  CostOverruns,
  cheapMs,
  type ExpectedWork,
  expensiveMs,
  expensiveSlots,
  KnownCosts,
  mayBegin,
  overrunsNow,
  type TimedSlots,
  type WorkClass,
} from "./work-costs.ts";

export interface TimedQueueOptions extends TimedSlots {
  /** The number of works that may wait. */
  readonly queueLimit: number;
  /** The time that a work may wait for a slot. */
  readonly waitMs?: number | undefined;
}

/** The slot in which a task runs. The slot is taken until the task ends. */
export interface TaskSlot {
  /** Aborted when nobody waits for the task any more, or when the task is to make room and will be run once more. */
  readonly signal: AbortSignal;
  /**
   * Adds processor time that the work has cost, in milliseconds. Without a call, the time in the slot is its cost.
   * @param besideMs time that was spent for the work beside its own. It is paid for as well, but the same work is not
   *   expected to cost it again
   */
  charge(ms: number, besideMs?: number): void;
  /**
   * Asks the work how much processor time it has used so far, in milliseconds, so that its waits don't make it
   * expensive. Without a meter, the time in the slot counts.
   */
  meter(usedMs: () => number): void;
}

type Task<T> = (slot: TaskSlot) => Promise<T>;

interface Work extends WaitingWork {
  readonly asked: AskedWork;
  /** Whether the work had a slot before, and gave way. It then counts as expensive. */
  readonly hadSlot: boolean;
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
  /** Aborted when the work is to give its slot back and ask for one again. */
  readonly givesWay: AbortController;
  isExpensive: boolean;
  /** Whether the work takes long. A work that isn't expensive takes long where it waits, or others have the processor. */
  isLong: boolean;
  charged: number | undefined;
  besideMs: number;
  meter?: (() => number) | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/**
 * After this wait, a work counts as cheap although its client or file has overrun, so that it is not left out for ever.
 * It goes on waiting for works of its own client that overrun right now.
 */
const doubtMs = 2000;

/** A work that has had its slot for this long takes long, whatever it waits for. */
const longMs = 1000;
/** The shortest time between two looks at a work's processor time. */
const minLookMs = 50;

/** The time that works had taken when they gave way. Half of it is forgotten after two minutes. */
const lostTime = { halfLifeMs: 120_000, maxMs: Number.POSITIVE_INFINITY, maxNames: 1 };
/** The time that may be lost so, for each slot. */
const maxLostMs = 8000;

/**
 * Runs a few tasks at a time and lets others wait, by the time that their accounts, clients and files have used
 * (`TimedLine`). One slot is kept from works that take long (`mayBegin`). A task for which there is no room is refused at
 * once, unless a task of a party that uses more time can be refused instead. It is for tasks whose costs differ by much;
 * `FairQueue` is for those that cost about the same.
 */
export class TimedQueue {
  readonly #options: TimedQueueOptions;
  readonly #costs = new KnownCosts();
  readonly #charges = new TimeCharges<RunningWork>();
  readonly #line = new TimedLine<Waiting>(this.#charges);
  readonly #overruns = new CostOverruns();
  readonly #lost = new UsedTime(lostTime);
  readonly #runs = new TaskRuns();

  constructor(options: TimedQueueOptions) {
    this.#options = options;
  }

  /** Whether the task would not be refused at once. */
  hasRoomFor(asked: AskedWork): boolean {
    const work = this.#workOf(asked);
    const { queueLimit } = this.#options;
    return this.#mayBegin(work) || this.#line.size < queueLimit || this.#line.displacedBy(work) !== undefined;
  }

  /**
   * Runs the task. Throws NoSlotError when there is no room, the wait is too long or the queue is closed, and the
   * signal's reason when the signal aborts. A waiting task then leaves the line. A running task keeps its slot until it
   * ends.
   */
  run<T>(
    task: Task<T>,
    { signal, ...asked }: AskedWork & { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    return this.#runs.run((stop) => this.#runInSlots(task, asked, stop), signal);
  }

  /** Refuses tasks that wait or come, and waits for those that run. */
  close(): Promise<void> {
    return this.#runs.close();
  }

  /** Runs a task that gives way once more, from its beginning. */
  async #runInSlots<T>(task: Task<T>, asked: AskedWork, stop: AbortSignal): Promise<T> {
    for (let since: number | undefined; ; ) {
      const work = this.#workOf(asked, since);
      const running = this.#mayBegin(work) ? this.#begin(work) : await this.#wait(work, stop);
      let isWhole = false;
      try {
        const signal = AbortSignal.any([stop, running.givesWay.signal]);
        signal.throwIfAborted();
        const outcome = await task({
          signal,
          charge(ms, besideMs = 0) {
            running.charged = (running.charged ?? 0) + ms;
            running.besideMs += besideMs;
          },
          meter(usedMs) {
            running.meter = usedMs;
          },
        });
        isWhole = true;
        return outcome;
      } catch (error) {
        if (!running.givesWay.signal.aborted || stop.aborted) throw error;
        since = work.since;
      } finally {
        this.#end(running, isWhole);
      }
    }
  }

  async #wait(work: Work, signal: AbortSignal): Promise<RunningWork> {
    const { queueLimit, waitMs } = this.#options;
    // A work that gave way is not refused for it. The line is longer by as many as there are slots, at most.
    if (!work.hadSlot && this.#line.size >= queueLimit) {
      const displaced = this.#line.displacedBy(work);
      if (displaced === undefined) throw new NoSlotError("full");
      this.#line.leave(displaced);
      displaced.waiter.turnAway(new NoSlotError("full"));
    }
    // Nothing else may happen by the time at which the work no longer counts as doubtful.
    const timer = setTimeout(() => this.#admit(), doubtMs);
    try {
      return await waitForSlot<RunningWork>(
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

  /** @param since the time from which a work has waited that had a slot before */
  #workOf(asked: AskedWork, since?: number): Work {
    const costs = this.#costs;
    const hadSlot = since !== undefined;
    return {
      ...{ asked, hadSlot },
      party: asked.party ?? serverParty,
      files: asked.files ?? [],
      since: since ?? performance.now(),
      // While the work waits, others may show what it costs.
      get costMs() {
        return Math.max(costs.expect(asked).ms, hadSlot ? expensiveMs : 0);
      },
      get expectedMs() {
        return costs.expect(asked).isKnown ? this.costMs : Math.max(this.costMs, cheapMs);
      },
    };
  }

  #classOf(work: Work): WorkClass {
    const { costMs, since } = work;
    if (costMs >= cheapMs) return costMs >= expensiveMs ? "expensive" : "doubtful";
    const { running } = this.#charges;
    if (!isServers(work) && !this.#overruns.areLikely(work, running)) return "cheap";
    return performance.now() - since < doubtMs || overrunsNow(work.party, running) ? "doubtful" : "cheap";
  }

  get #held() {
    const running = [...this.#charges.running];
    return {
      all: running.length,
      long: running.filter(({ isLong }) => isLong).length,
      expensive: running.filter(({ workClass }) => workClass === "expensive").length,
    };
  }

  #mayBegin(work: Work): boolean {
    return mayBegin[this.#classOf(work)](this.#held, this.#options);
  }

  #begin(work: Work): RunningWork {
    const { asked, party, files, costMs, expectedMs } = work;
    const isExpensive = costMs >= cheapMs;
    const running: RunningWork = {
      ...{ asked, party, files, expectedMs, isExpensive },
      began: performance.now(),
      workClass: this.#classOf(work),
      seemedCheap: !isExpensive,
      isLong: isExpensive,
      givesWay: new AbortController(),
      charged: undefined,
      besideMs: 0,
    };
    if (!isExpensive) running.timer = setTimeout(() => this.#lookAt(running), cheapMs);
    this.#charges.begin(running);
    return running;
  }

  #lookAt(running: RunningWork): void {
    const elapsed = performance.now() - running.began;
    const used = running.meter?.() ?? elapsed;
    const wasLong = running.isLong;
    running.isExpensive = used >= cheapMs;
    running.isLong ||= running.isExpensive || elapsed >= longMs;
    if (!running.isExpensive) {
      const next = elapsed < longMs ? Math.min(cheapMs - used, longMs - elapsed) : cheapMs - used;
      running.timer = setTimeout(() => this.#lookAt(running), Math.max(next, minLookMs));
    }
    if (running.isLong && !wasLong) this.#admit();
    else if (running.isExpensive) this.#makeRoom();
  }

  #end(running: RunningWork, isWhole: boolean): void {
    const { asked, began, charged, besideMs, givesWay, seemedCheap } = running;
    clearTimeout(running.timer);
    const cost = charged ?? performance.now() - began;
    this.#charges.end(running, cost + besideMs);
    if (seemedCheap && cost >= cheapMs) this.#overruns.add(running, cost);
    if (givesWay.signal.aborted && !isWhole) this.#costs.learn(asked, Math.max(cost, expensiveMs));
    // A work that was stopped early cost at least what it was charged.
    else if (isWhole || (charged ?? 0) >= cheapMs) this.#costs.learn(asked, cost);
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
   * Has works give way that turned out to be expensive, where works that take long hold all slots, the extra ones too,
   * and cheap works wait. The time that is lost by this is bounded.
   */
  #makeRoom(): void {
    const running = [...this.#charges.running].reverse();
    if (running.some(({ isLong, givesWay }) => !isLong || givesWay.signal.aborted)) return;
    let waiting = 0;
    for (const work of this.#line) if (this.#classOf(work) === "cheap") waiting++;
    const surplus = Math.min(waiting, running.length - expensiveSlots(this.#options));
    const latest = running.filter(
      ({ seemedCheap, isExpensive, asked }) => seemedCheap && isExpensive && asked.restartable === true,
    );
    for (const { began, givesWay } of latest.slice(0, Math.max(surplus, 0))) {
      if (this.#lost.of("all") > maxLostMs * this.#options.slots) return;
      this.#lost.add("all", performance.now() - began);
      givesWay.abort(new Error("The work makes room for others, and begins again later"));
    }
  }
}
