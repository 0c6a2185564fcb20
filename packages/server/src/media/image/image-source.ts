import { ReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import { releaseMemory } from "../../storage/chunk-memory.ts";
import { MediaError } from "../media-error.ts";

/** A stored image, wherever it lies: opened only when its turn has come. */
export interface ImageSource {
  /** Bytes. */
  readonly size: number;
  /** Frames or pages, as they were counted when it was inspected; null or undefined where they weren't. */
  readonly pages?: number | null | undefined;
  open(signal: AbortSignal): Promise<Readable>;
  /** Given what was read of it, once nobody else reads that any more; without it the memory goes back at once. */
  keep?(bytes: Buffer): void;
}

/** The whole image in memory, since decoders want it whole. Throws `ELIMIT` for one that is too large, before it is opened. */
export async function readImage(source: ImageSource, mostBytes: number, signal: AbortSignal): Promise<Buffer> {
  if (source.size > mostBytes) {
    throw new MediaError("ELIMIT", `The image is larger than ${mostBytes} bytes`);
  }
  const stream = await source.open(signal);
  const bytes = Buffer.allocUnsafe(source.size);
  let length = 0;
  try {
    addAbortSignal(signal, stream);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (length + chunk.length > bytes.length) {
        throw new Error("A stored image is longer than its record says");
      }
      bytes.set(chunk, length);
      length += chunk.length;
      // What comes out of a file is ours alone; other chunks may be somebody's who needs them yet.
      if (stream instanceof ReadStream) releaseMemory(chunk);
    }
  } finally {
    stream.destroy();
  }
  if (length < bytes.length) {
    throw new Error("A stored image is shorter than its record says");
  }
  return bytes;
}
