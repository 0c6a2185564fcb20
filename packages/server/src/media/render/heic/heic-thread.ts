import { parentPort, workerData } from "node:worker_threads";
import loading from "libheif-js/wasm-bundle.js";

export interface HeicThreadData {
  readonly bytes: Uint8Array;
  /** More aren't decoded. */
  readonly mostPixels: number;
}

/** What the thread sends, once. */
export type HeicThreadReply =
  | { readonly pixels: Uint8ClampedArray<ArrayBuffer>; readonly width: number; readonly height: number }
  | { readonly failed: "size" | "content" };

parentPort?.postMessage(await decode(workerData as HeicThreadData));

async function decode({ bytes, mostPixels }: HeicThreadData): Promise<HeicThreadReply> {
  const { HeifDecoder } = await loading;
  const images = new HeifDecoder().decode(bytes);
  const image = images.find((candidate) => candidate.is_primary()) ?? images[0];
  if (image === undefined) return { failed: "content" };
  const width = image.get_width();
  const height = image.get_height();
  if (width * height > mostPixels) return { failed: "size" };
  const pixels = new Uint8ClampedArray(width * height * 4);
  const displayed = await new Promise((resolve) => image.display({ data: pixels, width, height }, resolve));
  return displayed === undefined || displayed === null ? { failed: "content" } : { pixels, width, height };
}
