/** Over how long the pace is averaged; what is older fades away. */
const windowMs = 2000;
/** More than this is not remembered: a client that was very fast and stands still is found out as soon as others. */
const maxBytes = 2 * 1024 * 1024;

/**
 * How fast a client's bytes have come of late. Only the time in which the client kept the server waiting counts: a server
 * that is busy with something else makes nobody slow.
 */
export class Pace {
  /** Both fade at the same rate. */
  #bytes = 0;
  #awaitedMs = 0;

  came(bytes: number): void {
    this.#bytes = Math.min(this.#bytes + bytes, maxBytes);
  }

  /** The client was waited for, for this long, without a byte. */
  waited(ms: number): void {
    const rest = Math.exp(-ms / windowMs);
    this.#bytes *= rest;
    this.#awaitedMs = windowMs - (windowMs - this.#awaitedMs) * rest;
  }

  /** Bytes per second, if nothing comes for this long; infinite for a client that was never waited for. */
  after(ms: number): number {
    const rest = Math.exp(-ms / windowMs);
    const awaitedMs = windowMs - (windowMs - this.#awaitedMs) * rest;
    return awaitedMs === 0 ? Number.POSITIVE_INFINITY : (this.#bytes * rest * 1000) / awaitedMs;
  }
}
