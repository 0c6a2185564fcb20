import { type EventLoopUtilization, performance } from "node:perf_hooks";

/** Milliseconds between two turns while there is always more: each upload may wake the queue, and each run that ends. */
const pauseMs = 5;
/** The same in a process that can't keep up: those who wait for an answer go before jobs, which then run so often at least. */
const busyPauseMs = 80;
/** Jobs that have waited for so long are held up no longer: a process may be busy for days. */
const patienceMs = 60_000;
/** Share of the time for which the event loop of a process that can't keep up is busy. */
const busy = 0.8;

/** How long the queue is to wait for its next turn, by what the process has had to do since the last. */
export class TurnPace {
  #last: EventLoopUtilization = performance.eventLoopUtilization();

  /** @param overdueMs for how long the jobs that were taken last have been due */
  pauseMs(overdueMs: number): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#last);
    this.#last = now;
    return utilization > busy && overdueMs < patienceMs ? busyPauseMs : pauseMs;
  }
}
