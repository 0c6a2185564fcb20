import type { MultipartScanner } from "./multipart-scanner.ts";

/** A scanner and where its chunks come from: one at a time, and only when it needs one. */
export class ScannerFeed {
  readonly scanner: MultipartScanner;
  readonly #source: AsyncIterator<Uint8Array>;
  #filling: Promise<void> | undefined;

  constructor(source: AsyncIterator<Uint8Array>, scanner: MultipartScanner) {
    this.#source = source;
    this.scanner = scanner;
  }

  /**
   * To be called whenever the scanner answered `undefined`; then ask it again. Who calls while a chunk is on its way
   * waits for the same one, and an error stays: asked again, a broken source would report a plain end.
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
