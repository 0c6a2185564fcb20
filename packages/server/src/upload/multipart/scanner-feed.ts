import type { MultipartScanner } from "./multipart-scanner.ts";

/** A scanner and where its chunks come from: one at a time, and only when it needs one. */
export class ScannerFeed {
  readonly scanner: MultipartScanner;
  readonly #source: AsyncIterator<Uint8Array>;
  #pending: Promise<IteratorResult<Uint8Array>> | undefined;

  constructor(source: AsyncIterator<Uint8Array>, scanner: MultipartScanner) {
    this.#source = source;
    this.scanner = scanner;
  }

  /** To be called whenever the scanner answered `undefined`; then ask it again. */
  async fill(): Promise<void> {
    this.#pending ??= this.#source.next();
    const pending = this.#pending;
    // A rejected one stays: whoever asks again gets the same error, not the end that a broken source then reports.
    const result = await pending;
    // Another reader may have waited for the same chunk.
    if (pending !== this.#pending) return;
    this.#pending = undefined;
    if (result.done) this.scanner.end();
    else this.scanner.push(result.value);
  }
}
