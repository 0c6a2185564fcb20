import type { Readable } from "node:stream";
import { headLength, type MediaSource, partOf } from "./byte-source.ts";
import { type ImageSource, readImage } from "./image/image-source.ts";
import { MediaError } from "./media-error.ts";

/** A stored file that can be read whole or by a range. A range includes both of its ends. */
export interface StoredFile extends ImageSource {
  openRange(range: { readonly start: number; readonly end: number }, signal: AbortSignal): Promise<Readable>;
}

/** The number of times that a store may be asked for more bytes of one file. Each answer takes its time. */
const maxLoads = 64;
/**
 * The same for the inspection of an upload, which has to know. It reads 64 MiB of a text, in windows of the largest size.
 */
export const maxLoadsToInspect = 256;
/**
 * Each answer is twice as long as the one before, up to this many bytes: a reader that walks far into a file goes on
 * walking.
 */
const maxWindowBytes = 1024 * 1024;

/**
 * Reads a stored file that is too large to be fetched whole. Only the bytes that are asked for are fetched: the
 * beginning, which stays in memory, and one moving window. No file can make the store answer without end, and no file
 * seems to end before its real end.
 */
export class StoredByteSource implements MediaSource {
  readonly size: number;
  /** Always empty: libraries that need the whole file get nothing. */
  readonly whole: Buffer = Buffer.alloc(0);
  readonly #file: StoredFile;
  readonly #signal: AbortSignal;
  readonly #maxLoads: number;
  #head: Buffer;
  #window: Buffer = this.whole;
  #windowOffset = 0;
  #loads = 0;

  /** @param known `head` are the file's first bytes, if they are in memory; `loads` is how often to ask for more */
  constructor(
    file: StoredFile,
    signal: AbortSignal,
    known: { readonly head?: Uint8Array | undefined; readonly loads?: number } = {},
  ) {
    const { head = this.whole, loads = maxLoads } = known;
    this.size = file.size;
    this.#file = file;
    this.#signal = signal;
    this.#maxLoads = loads;
    this.#head = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, file.size));
  }

  head(length: number): Promise<Buffer> {
    return this.read(0, Math.max(length, headLength));
  }

  atHand(offset: number, length: number): Buffer | undefined {
    const end = Math.min(offset + length, this.size);
    if (offset < 0 || offset >= end) return Buffer.alloc(0);
    return partOf(this.#head, 0, offset, end) ?? partOf(this.#window, this.#windowOffset, offset, end);
  }

  /**
   * @throws MediaError ELIMIT if more would have to be fetched than is allowed; the store's errors, the signal's
   * reason
   */
  async read(offset: number, length: number): Promise<Buffer> {
    const atHand = this.atHand(offset, length);
    if (atHand !== undefined) return atHand;
    const isFirst = this.#head.length === 0 && offset + length <= headLength;
    if (isFirst) this.#head = await this.#load(0, headLength);
    else {
      this.#window = await this.#load(
        offset,
        Math.max(length, Math.min(headLength * 2 ** this.#loads, maxWindowBytes)),
      );
      this.#windowOffset = offset;
    }
    return this.atHand(offset, length) ?? Buffer.alloc(0);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  async #load(start: number, length: number): Promise<Buffer> {
    if (this.#loads >= this.#maxLoads)
      throw new MediaError("ELIMIT", `More than ${this.#maxLoads} parts of the file would be fetched`);
    this.#loads += 1;
    const end = Math.min(start + length, this.size);
    const open = (signal: AbortSignal) => this.#file.openRange({ start, end: end - 1 }, signal);
    return readImage({ size: end - start, open }, end - start, this.#signal);
  }
}
