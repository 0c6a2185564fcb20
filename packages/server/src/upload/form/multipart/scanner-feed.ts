import type { MultipartScanner } from "./multipart-scanner.ts";

/** Feeds a scanner with chunks from its source: one at a time, and only when the scanner needs one. */
export class ScannerFeed {
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
