import type { Readable } from "node:stream";
import { headLength, type MediaSource, partOf } from "./byte-source.ts";
import { type ImageSource, readImage } from "./image-source.ts";

/** A stored file: all of it at once, or one range of it, both ends included. */
export interface StoredFile extends ImageSource {
  openRange(range: { readonly start: number; readonly end: number }, signal: AbortSignal): Promise<Readable>;
}

/** How often a store may be asked for more of a file, since each answer takes its time. */
const mostLoads = 32;

/**
 * A stored file of which only what is asked for is fetched, one window at a time. After some of them it seems to end, so
 * that no file makes the store answer without end.
 */
export class StoredByteSource implements MediaSource {
  readonly size: number;
  readonly whole: Buffer;
  readonly #file: StoredFile;
  readonly #signal: AbortSignal;
  #window: Buffer;
  #windowOffset = 0;
  #loads = 0;

  private constructor(file: StoredFile, whole: Buffer, signal: AbortSignal) {
    this.size = file.size;
    this.whole = whole;
    this.#file = file;
    this.#window = whole;
    this.#signal = signal;
  }

  /**
   * @param mostBytes for libraries that want the file whole; 0 where none does
   * @throws MediaError ELIMIT for a file that is larger than these, the store's errors, the signal's reason
   */
  static async open(file: StoredFile, mostBytes: number, signal: AbortSignal): Promise<StoredByteSource> {
    const whole = mostBytes === 0 ? Buffer.alloc(0) : await readImage(file, mostBytes, signal);
    return new StoredByteSource(file, whole, signal);
  }

  head(length: number): Promise<Buffer> {
    return this.read(0, Math.max(length, headLength));
  }

  atHand(offset: number, length: number): Buffer | undefined {
    const end = Math.min(offset + length, this.size);
    if (offset < 0 || offset >= end) return Buffer.alloc(0);
    return partOf(this.#window, this.#windowOffset, offset, end);
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const atHand = this.atHand(offset, length);
    if (atHand !== undefined) return atHand;
    if (this.#loads >= mostLoads) return Buffer.alloc(0);
    this.#loads += 1;
    this.#window = await this.#load(offset, Math.min(offset + Math.max(length, headLength), this.size));
    this.#windowOffset = offset;
    return this.#window.subarray(0, length);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  async #load(start: number, end: number): Promise<Buffer> {
    const open = (signal: AbortSignal) => this.#file.openRange({ start, end: end - 1 }, signal);
    return readImage({ size: end - start, open }, end - start, this.#signal);
  }
}
