import type { ScannerFeed } from "./scanner-feed.ts";

/**
 * The bytes of one part, once, as slices of the chunks that arrived (never empty ones). Leaving a loop over it early
 * loses nothing: another loop goes on from there. Errors: MultipartError, and whatever the source throws.
 */
export class PartBody implements AsyncIterableIterator<Buffer, undefined> {
  readonly #feed: ScannerFeed;
  #ended = false;
  #discarded = false;
  #bytesRead = 0;

  constructor(feed: ScannerFeed) {
    this.#feed = feed;
  }

  /** How many bytes the part has had so far, those discarded included. */
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
   * The next bytes, for whoever would rather not wait for those that are here: `null` at the end, `undefined` when
   * `fill()` has to be awaited first.
   */
  read(): Buffer | null | undefined {
    // To report an end here would make a skipped part look like a complete one.
    if (this.#discarded) throw new Error("The body of this part has been discarded.");
    return this.#read();
  }

  fill(): Promise<void> {
    return this.#feed.fill();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Reads what is left and drops it. */
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
