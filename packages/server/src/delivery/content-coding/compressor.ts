import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type BrotliCompress, constants, createBrotliCompress, createGzip, type Gzip } from "node:zlib";
import type { Party } from "../../concurrency/fair-line.ts";
import { FairQueue } from "../../concurrency/fair-queue.ts";
import type { Limits } from "../../config/limits.ts";
import { MediaError } from "../../media/media-error.ts";
import type { Coding } from "../headers/accepted-coding.ts";
import { isCompressible } from "./compressible-types.ts";

export interface CompressibleSource {
  /** The size in bytes. */
  readonly size: number;
  readonly open: (signal: AbortSignal) => Promise<Readable>;
}

/** Smaller files aren't compressed, because they fit into the packet that brings their headers. */
export const minBytes = 1024;

/**
 * The largest part of a file's size that may be left after compression. A smaller saving isn't worth it, since a client
 * can't ask for ranges of compressed bytes.
 */
const maxShareLeft = 0.9;

/** The longest wait for a slot. Compressing after such a wait is still quicker than sending the file uncompressed. */
const waitMs = 1000;
const waitingForEach = 16;

/** Compresses a few files at a time, taking clients in turn. */
export class Compressor {
  readonly #maxBytes: number;
  readonly #queue: FairQueue;

  constructor({ compressedBytes, compressions }: Pick<Limits, "compressedBytes" | "compressions">) {
    this.#maxBytes = compressedBytes;
    const refusal = (cause: Error): Error => new MediaError("EBUSY", "Too much is being compressed", { cause });
    const queueLimit = compressions * waitingForEach;
    this.#queue = new FairQueue({ capacity: compressions, queueLimit, waitMs, refusal });
  }

  /** Whether a file should be compressed for clients that accept it. */
  suits(mime: string, size: number): boolean {
    return size >= minBytes && size <= this.#maxBytes && isCompressible(mime);
  }

  /**
   * @returns no bytes where compression would save hardly anything
   * @throws MediaError EBUSY; what the source throws; RangeError when the source is shorter or longer than it said
   */
  compress({ size, open }: CompressibleSource, coding: Coding, signal: AbortSignal, party: Party): Promise<Buffer> {
    const work = async (stop: AbortSignal): Promise<Buffer> => {
      const file = await open(stop);
      const coder = coders[coding](size);
      const coded: Buffer[] = [];
      const collect = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
        for await (const chunk of chunks) coded.push(chunk);
      };
      // On an error or an abort, the pipeline also releases the file and the memory that the coder holds outside the
      // heap.
      await pipeline(file, coder, collect, { signal: stop });
      if (coder.bytesWritten !== size) throw new RangeError(`${coder.bytesWritten} bytes instead of ${size}`);
      const bytes = Buffer.concat(coded);
      return bytes.length <= size * maxShareLeft ? bytes : Buffer.alloc(0);
    };
    return this.#queue.run(work, signal, party);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

const chunkSize = 64 * 1024;

/** Coders for a file of a given size. At higher qualities, Brotli takes several times as long to save a few percent. */
const coders = {
  br: (size) =>
    createBrotliCompress({
      chunkSize,
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: size },
    }),
  gzip: () => createGzip({ chunkSize, level: 6 }),
} as const satisfies Record<Coding, (size: number) => BrotliCompress | Gzip>;
