import { parentPort, workerData } from "node:worker_threads";
import loading from "libheif-js/wasm-bundle.js";
import { boundMemory } from "./bound-memory.ts";

export interface HeicThreadData {
  readonly bytes: Uint8Array;
  /** The picture to decode, counted from 0; undefined for the file's primary picture. */
  readonly page: number | undefined;
  /** A picture with more pixels isn't decoded. */
  readonly maxPixels: number;
  /** The memory that the decoder may take for a file, in bytes. */
  readonly maxMemoryBytes: number;
}

/** The one message that the thread sends. */
export type HeicThreadReply =
  | { readonly pixels: Uint8ClampedArray<ArrayBuffer>; readonly width: number; readonly height: number }
  | { readonly failed: "size" | "content" };

const reply = await decode(workerData as HeicThreadData);
// A copy of the pixels would take a hundred megabytes that no estimate counts.
parentPort?.postMessage(reply, "pixels" in reply ? [reply.pixels.buffer] : []);

async function decode({ bytes, page, maxPixels, maxMemoryBytes }: HeicThreadData): Promise<HeicThreadReply> {
  const { HeifDecoder } = await loading;
  const memory = boundMemory(maxMemoryBytes);
  const images = new HeifDecoder().decode(bytes);
  const image = page === undefined ? (images.find((candidate) => candidate.is_primary()) ?? images[0]) : images[page];
  if (image === undefined) return { failed: memory.refused ? "size" : "content" };
  const width = image.get_width();
  const height = image.get_height();
  if (width * height > maxPixels) return { failed: "size" };
  const pixels = new Uint8ClampedArray(width * height * 4);
  const displayed = await new Promise((resolve) => image.display({ data: pixels, width, height }, resolve));
  if (memory.refused) return { failed: "size" };
  return displayed === undefined || displayed === null ? { failed: "content" } : { pixels, width, height };
}
