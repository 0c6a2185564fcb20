/**
 * Milliseconds between two turns while there is always more to do: each upload may wake the queue, and so may each run
 * that ends.
 */
const pauseMs = 5;
/**
 * The pause in a process that can't keep up. Clients who wait for an answer go before jobs, which then get at least one
 * turn in this time.
 */
const busyPauseMs = 80;
/** Jobs that have waited this long are held up no longer, since a process may be busy for days. */
const patienceMs = 60_000;
/** A process with at least this load can't keep up. */
const busy = 0.8;

/** Chooses the time that the queue waits for its next turn, given the process's load since the last turn. */
export class BatchPause {
  readonly #load: () => number;

  /** @param load from 0 to 1, since it was last called */
  constructor(load: () => number) {
    this.#load = load;
  }

  /** @param overdueMs for how long the jobs that were taken last have been due */
  pauseMs(overdueMs: number): number {
    return this.#load() > busy && overdueMs < patienceMs ? busyPauseMs : pauseMs;
  }
}
