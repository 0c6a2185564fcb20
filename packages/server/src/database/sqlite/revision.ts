import { performance } from "node:perf_hooks";
import type { StatementSync } from "node:sqlite";

/**
 * Tells whether other connections, of any process, have committed something. It reads a counter of SQLite's own, which
 * costs half as much as the smallest query. Many requests arrive in one piece of the event loop's work, and each of
 * them was sent before that piece began, so one look is enough for all of them. A request whose end arrives later, or
 * that its client pipelines behind another, may belong to the same piece. Clients can make a piece long, so a look is not
 * used for longer than `maxLookMs`. That is the gap that remains.
 */
export class Revision {
  readonly #counter: StatementSync;
  #value = -1;
  #lookedIn = -1;
  #lookedAt = 0;

  /** @param counter `pragma data_version` */
  constructor(counter: StatementSync) {
    counter.setReturnArrays(true);
    this.#counter = counter;
  }

  /** Returns the counter. A commit on the same connection doesn't change it. */
  current(): number {
    const piece = pieceOfWork();
    const now = performance.now();
    if (piece !== this.#lookedIn || now - this.#lookedAt > maxLookMs) {
      const [value] = this.#counter.get() as unknown as [number];
      this.#value = value;
      this.#lookedIn = piece;
      this.#lookedAt = now;
    }
    return this.#value;
  }

  /** Makes the next call look again, because something is known to have been committed since the last look. */
  forget(): void {
    this.#lookedIn = -1;
  }
}

const maxLookMs = 1;

/** Identifies the batch of events that is being processed. Both numbers only ever grow. */
function pieceOfWork(): number {
  const { loopCount, events } = performance.nodeTiming.uvMetricsInfo;
  return loopCount + events;
}
