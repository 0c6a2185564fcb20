import { Readable } from "node:stream";
import { bufferSource, type MediaSource } from "./byte-source.ts";
import { type ImageSource, readImage } from "./image/image-source.ts";

const nothing = Buffer.alloc(0);

/**
 * A stored image that is fetched whole, and only once. The image engine fetches it when the image's turn has come, and
 * leaves the bytes here. If the engine hasn't read the image, the first read of its bytes fetches them.
 */
export class FetchedImage implements ImageSource, MediaSource {
  readonly size: number;
  readonly pages: ImageSource["pages"];
  readonly #stored: ImageSource;
  readonly #signal: AbortSignal;
  #whole: Buffer | undefined;

  constructor(stored: ImageSource, signal: AbortSignal) {
    this.size = stored.size;
    this.pages = stored.pages;
    this.#stored = stored;
    this.#signal = signal;
  }

  /** The buffer is empty until the image has been fetched. */
  get whole(): Buffer {
    return this.#whole ?? nothing;
  }

  async open(signal: AbortSignal): Promise<Readable> {
    return this.#whole === undefined ? this.#stored.open(signal) : Readable.from([this.#whole]);
  }

  keep(bytes: Buffer): void {
    this.#whole = bytes;
  }

  head(): Promise<Buffer> {
    return this.#fetch();
  }

  atHand(offset: number, length: number): Buffer | undefined {
    return this.#whole && bufferSource(this.#whole).atHand(offset, length);
  }

  async read(offset: number, length: number): Promise<Buffer> {
    return bufferSource(await this.#fetch()).read(offset, length);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  async #fetch(): Promise<Buffer> {
    this.#whole ??= await readImage(this.#stored, this.size, this.#signal);
    return this.#whole;
  }
}
