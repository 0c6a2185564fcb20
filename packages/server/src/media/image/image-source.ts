import { ReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import type { ByteRange } from "../../storage/blob-store.ts";
import { releaseMemory } from "../../storage/chunk-memory.ts";
import { MediaError } from "../media-error.ts";

/** A stored image in any store. It is opened only when its turn has come. */
export interface ImageSource {
  /** The size in bytes. */
  readonly size: number;
  /** Frames or pages as counted when the image was inspected; null or undefined if they weren't counted. */
  readonly pages?: number | null | undefined;
  /** The file of this machine that holds exactly the image, if there is one. Processes that decode open it themselves. */
  readonly path?: string | undefined;
  open(signal: AbortSignal): Promise<Readable>;
  /** Reads a part, where that is cheaper than the whole. Both ends are in it. */
  openRange?(range: ByteRange, signal: AbortSignal): Promise<Readable>;
  /** Reads the whole image at once, where that is faster than the stream. Rejects when it has another size. */
  readWhole?(signal: AbortSignal): Promise<Buffer>;
  /**
   * Gets the bytes that were read of the image, once nobody else reads them any more. Without this function their
   * memory is released at once.
   */
  keep?(bytes: Buffer): void;
}

/**
 * Reads the whole image into memory, as decoders need it. Throws `ELIMIT` for a too large image before it is opened.
 */
export async function readImage(source: ImageSource, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  if (source.size > maxBytes) {
    throw new MediaError("ELIMIT", `The image is larger than ${maxBytes} bytes`);
  }
  if (source.readWhole !== undefined) return source.readWhole(signal);
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
      // Only this function holds a chunk of a file. Somebody else may still need other chunks.
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
