import { Readable } from "node:stream";
import { bufferSource, type MediaSource } from "./byte-source.ts";
import { type ImageSource, readImage } from "./image-source.ts";

const nothing = Buffer.alloc(0);

/**
 * A stored image that is fetched whole, once: when the image engine opens it, whose turn others may have before, or when
 * somebody looks into it.
 */
export class FetchedImage implements ImageSource, MediaSource {
  readonly size: number;
  readonly #stored: ImageSource;
  readonly #signal: AbortSignal;
  #whole: Buffer | undefined;

  constructor(stored: ImageSource, signal: AbortSignal) {
    this.size = stored.size;
    this.#stored = stored;
    this.#signal = signal;
  }

  /** Empty as long as it is not fetched. */
  get whole(): Buffer {
    return this.#whole ?? nothing;
  }

  async open(signal: AbortSignal): Promise<Readable> {
    return Readable.from([await this.#fetch(signal)]);
  }

  head(): Promise<Buffer> {
    return this.#fetch(this.#signal);
  }

  atHand(offset: number, length: number): Buffer | undefined {
    return this.#whole && bufferSource(this.#whole).atHand(offset, length);
  }

  async read(offset: number, length: number): Promise<Buffer> {
    return bufferSource(await this.#fetch(this.#signal)).read(offset, length);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  async #fetch(signal: AbortSignal): Promise<Buffer> {
    this.#whole ??= await readImage(this.#stored, this.size, signal);
    return this.#whole;
  }
}
