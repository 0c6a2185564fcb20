import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type BrotliCompress, constants, createBrotliCompress, createGzip, type Gzip } from "node:zlib";
import { BoundedQueue } from "../../concurrency/bounded-queue.ts";
import type { Party } from "../../concurrency/fair-line.ts";
import { NoTurnError } from "../../concurrency/no-turn-error.ts";
import type { Limits } from "../../config/limits.ts";
import { MediaError } from "../../media/media-error.ts";
import type { Coding } from "../headers/accepted-coding.ts";
import { isCompressible } from "./compressible-types.ts";

export interface CompressibleSource {
  /** Bytes. */
  readonly size: number;
  readonly open: (signal: AbortSignal) => Promise<Readable>;
}

/** Smaller files fit into the packet that brings their headers. */
export const leastBytes = 1024;

/** Of a file's size: what saves less isn't worth the ranges that it takes from the client. */
const mostLeft = 0.9;

/** Soon enough to be quicker all the same than to send the file as it is. */
const waitMs = 1000;
const waitingForEach = 16;

/** Compresses files a few at a time, for each client in turn. */
export class Compressor {
  readonly #mostBytes: number;
  readonly #queue: BoundedQueue;

  constructor({ compressedBytes, compressions }: Pick<Limits, "compressedBytes" | "compressions">) {
    this.#mostBytes = compressedBytes;
    this.#queue = new BoundedQueue({ concurrency: compressions, queueLimit: compressions * waitingForEach, waitMs });
  }

  /** Whether a file is to be compressed for those who take it. */
  suits(mime: string, size: number): boolean {
    return size >= leastBytes && size <= this.#mostBytes && isCompressible(mime);
  }

  /**
   * @returns no bytes where they would hardly be fewer
   * @throws MediaError EBUSY; what the source throws; RangeError when it is shorter or longer than it said
   */
  compress({ size, open }: CompressibleSource, coding: Coding, signal: AbortSignal, party: Party): Promise<Buffer> {
    const work = async (stop: AbortSignal): Promise<Buffer> => {
      const file = await open(stop);
      const coder = coders[coding](size);
      const coded: Buffer[] = [];
      const collect = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
        for await (const chunk of chunks) coded.push(chunk);
      };
      // At an error and at an abort as well it lets go of the file, and of what the coder holds outside the heap.
      await pipeline(file, coder, collect, { signal: stop });
      if (coder.bytesWritten !== size) throw new RangeError(`${coder.bytesWritten} bytes instead of ${size}`);
      const bytes = Buffer.concat(coded);
      return bytes.length <= size * mostLeft ? bytes : Buffer.alloc(0);
    };
    return this.#queue.run(work, signal, party).catch((error: unknown) => {
      if (error instanceof NoTurnError) throw new MediaError("EBUSY", "Too much is being compressed", { cause: error });
      throw error;
    });
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

const chunkSize = 64 * 1024;

/** For a file of that size. Beyond these qualities Brotli takes several times as long for a few percent. */
const coders = {
  br: (size) =>
    createBrotliCompress({
      chunkSize,
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: size },
    }),
  gzip: () => createGzip({ chunkSize, level: 6 }),
} as const satisfies Record<Coding, (size: number) => BrotliCompress | Gzip>;
