import { addAbortSignal, type Readable } from "node:stream";
import { MediaError } from "./media-error.ts";

/** A stored image, wherever it lies: opened only when its turn has come. */
export interface ImageSource {
  /** Bytes. */
  readonly size: number;
  open(signal: AbortSignal): Promise<Readable>;
}

/** The largest image that is transformed (spec/delivery.md §13). */
export const mostSourceBytes = 40 * 1024 * 1024;

/** The whole image in memory, since decoders want it whole. Throws `ELIMIT` for one that is too large, before it is opened. */
export async function readImage(source: ImageSource, signal: AbortSignal): Promise<Buffer> {
  if (source.size > mostSourceBytes) {
    throw new MediaError("ELIMIT", `The image is larger than ${mostSourceBytes} bytes`);
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
    }
  } finally {
    stream.destroy();
  }
  if (length < bytes.length) {
    throw new Error("A stored image is shorter than its record says");
  }
  return bytes;
}
