import type { ScannerFeed } from "./scanner-feed.ts";

/**
 * Iterates once over the bytes of one part, as slices of the chunks that arrived (never empty ones). Leaving a loop
 * early loses nothing: another loop continues there. Errors: MultipartError, and whatever the source throws.
 */
export class PartBody implements AsyncIterableIterator<Buffer, undefined> {
  readonly #feed: ScannerFeed;
  #ended = false;
  #discarded = false;
  #bytesRead = 0;

  constructor(feed: ScannerFeed) {
    this.#feed = feed;
  }

  /** The number of bytes of the part that have been read so far, discarded bytes included. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      const bytes = this.read();
      if (bytes === null) return { done: true, value: undefined };
      if (bytes !== undefined) return { done: false, value: bytes };
      await this.fill();
    }
  }

  /**
   * Reads the next bytes without awaiting bytes that have already come.
   * @returns `null` at the end, `undefined` when `fill()` has to be awaited first
   */
  read(): Buffer | null | undefined {
    // Reporting an end here would make a skipped part look complete.
    if (this.#discarded) throw new Error("The body of this part has been discarded.");
    return this.#read();
  }

  fill(): Promise<void> {
    return this.#feed.fill();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Reads the rest of the part and drops it. */
  async discard(): Promise<void> {
    this.#discarded ||= !this.#ended;
    for (let bytes = this.#read(); bytes !== null; bytes = this.#read()) {
      if (bytes === undefined) await this.#feed.fill();
    }
  }

  #read(): Buffer | null | undefined {
    if (this.#ended) return null;
    const bytes = this.#feed.scanner.readBody();
    if (bytes === null) this.#ended = true;
    else if (bytes !== undefined) this.#bytesRead += bytes.length;
    return bytes;
  }
}
