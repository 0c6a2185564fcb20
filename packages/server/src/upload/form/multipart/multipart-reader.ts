import { defaultMultipartLimits, type MultipartLimits } from "./multipart-error.ts";
import { MultipartScanner } from "./multipart-scanner.ts";
import type { PartHeaders } from "./part-headers.ts";

export interface Part extends PartHeaders {
  readonly body: PartBody;
}

/**
 * Yields the parts of a `multipart/form-data` body (RFC 7578) in their order, each as soon as its headers have come.
 * When the next part is asked for, the unread rest of the previous part's body is dropped. Nothing is read ahead: the
 * consumer sets the pace.
 *
 * `source` is an iterator and not an iterable because its owner keeps it. Only `next()` is ever called on it, so that
 * the owner can drain the rest of the request after a refusal. The source isn't read further once this generator has
 * been left.
 *
 * @throws MultipartError for a broken or incomplete form and for a limit exceeded; errors of the source as they are.
 */
export async function* readParts(
  source: AsyncIterator<Uint8Array>,
  boundary: string,
  limits?: Partial<MultipartLimits>,
): AsyncGenerator<Part, void, undefined> {
  const scanner = new MultipartScanner(boundary, { ...defaultMultipartLimits, ...limits });
  const feed = new ScannerFeed(source, scanner);
  for (;;) {
    const headers = scanner.readHeaders();
    if (headers === null) return;
    if (headers === undefined) {
      await feed.fill();
      continue;
    }
    const body = new PartBody(feed);
    yield { ...headers, body };
    if (!body.ended) await body.discard();
  }
}

/**
 * Iterates once over the bytes of one part, as slices of the chunks that arrived (never empty ones). Leaving a loop
 * early loses nothing: another loop continues there. Errors: MultipartError, and whatever the source throws.
 */
class PartBody implements AsyncIterableIterator<Buffer, undefined> {
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

/** Feeds a scanner with chunks from its source: one at a time, and only when the scanner needs one. */
class ScannerFeed {
  readonly scanner: MultipartScanner;
  readonly #source: AsyncIterator<Uint8Array>;
  #filling: Promise<void> | undefined;

  constructor(source: AsyncIterator<Uint8Array>, scanner: MultipartScanner) {
    this.#source = source;
    this.scanner = scanner;
  }

  /**
   * Call this whenever the scanner returned `undefined`, then ask the scanner again. Calls while a chunk is on its way
   * wait for the same chunk. An error stays, because a broken source would report a plain end when asked again.
   */
  fill(): Promise<void> {
    this.#filling ??= this.#take();
    return this.#filling;
  }

  async #take(): Promise<void> {
    const result = await this.#source.next();
    this.#filling = undefined;
    if (result.done) this.scanner.end();
    else this.scanner.push(result.value);
  }
}
