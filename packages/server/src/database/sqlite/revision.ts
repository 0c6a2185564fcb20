import { performance } from "node:perf_hooks";
import type { StatementSync } from "node:sqlite";

/**
 * Whether other connections, of any process, have committed something: a counter of SQLite's own, half as dear as the
 * smallest query. Many requests arrive in one piece of the event loop's work, and each of them was sent before that
 * piece began: one look is enough for all of them. The gap that remains is a request that its client pipelines behind
 * another in that very moment.
 */
export class Revision {
  readonly #counter: StatementSync;
  #value = -1;
  #lookedIn = -1;

  /** @param counter `pragma data_version` */
  constructor(counter: StatementSync) {
    counter.setReturnArrays(true);
    this.#counter = counter;
  }

  /** A commit of the same connection doesn't change it. */
  current(): number {
    const now = pieceOfWork();
    if (now !== this.#lookedIn) {
      const [value] = this.#counter.get() as unknown as [number];
      this.#value = value;
      this.#lookedIn = now;
    }
    return this.#value;
  }

  /** Something is known to have been committed since the last look. */
  forget(): void {
    this.#lookedIn = -1;
  }
}

/** Names the batch of events that is being worked off; both numbers only ever grow. */
function pieceOfWork(): number {
  const { loopCount, events } = performance.nodeTiming.uvMetricsInfo;
  return loopCount + events;
}
