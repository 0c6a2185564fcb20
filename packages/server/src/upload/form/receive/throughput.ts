/** The time over which the throughput is averaged; older bytes and waits fade away. */
const windowMs = 2000;
/** No more bytes are remembered, so that a very fast client that then stands still is found out as soon as others. */
const maxBytes = 2 * 1024 * 1024;

/**
 * Measures how fast a client's bytes have come recently. Only the time in which the client kept the server waiting
 * counts: a client is not slow because the server is busy with something else.
 */
export class Throughput {
  /** Both fade at the same rate. */
  #bytes = 0;
  #awaitedMs = 0;

  came(bytes: number): void {
    this.#bytes = Math.min(this.#bytes + bytes, maxBytes);
  }

  /** Counts a wait for the client of this length, without a byte. */
  waited(ms: number): void {
    const rest = Math.exp(-ms / windowMs);
    this.#bytes *= rest;
    this.#awaitedMs = windowMs - (windowMs - this.#awaitedMs) * rest;
  }

  /** Bytes per second, if nothing comes for this long; infinite when the server has never waited for the client. */
  after(ms: number): number {
    const rest = Math.exp(-ms / windowMs);
    const awaitedMs = windowMs - (windowMs - this.#awaitedMs) * rest;
    return awaitedMs === 0 ? Number.POSITIVE_INFINITY : (this.#bytes * rest * 1000) / awaitedMs;
  }
}
