/** Milliseconds between two turns while there is always more: each upload may wake the queue, and each run that ends. */
const pauseMs = 5;
/** The same in a process that can't keep up: those who wait for an answer go before jobs, which then run so often at least. */
const busyPauseMs = 80;
/** Jobs that have waited for so long are held up no longer: a process may be busy for days. */
const patienceMs = 60_000;
/** From this load on a process can't keep up. */
const busy = 0.8;

/** How long the queue is to wait for its next turn, by what the process has had to do since the last. */
export class TurnPace {
  readonly #load: () => number;

  /** @param load from 0 to 1, since it was last asked for */
  constructor(load: () => number) {
    this.#load = load;
  }

  /** @param overdueMs for how long the jobs that were taken last have been due */
  pauseMs(overdueMs: number): number {
    return this.#load() > busy && overdueMs < patienceMs ? busyPauseMs : pauseMs;
  }
}
