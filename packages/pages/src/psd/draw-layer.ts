import type { PagePixels } from "../page-task.ts";
import type { Colours } from "./colours.ts";
import { type PsdLayer, transparency } from "./layers.ts";
import { type Plane, unpackPlanes } from "./planes.ts";
import type { PsdDocument } from "./psd-document.ts";

/**
 * Decodes a layer by itself, at its place in the picture, which is transparent around it. Its masks, and the way in
 * which it would be blended with the layers below, count for nothing.
 * @returns undefined where that takes too much memory
 * @throws RangeError for damaged pixels
 */
export function drawLayer(
  document: PsdDocument,
  layer: PsdLayer,
  colours: Colours,
  maxMemoryBytes: number,
): PagePixels | undefined {
  const { width, height } = document;
  const { left, top, channels } = layer;
  const count = colours.channels + 1;
  if (layer.width * layer.height * count + width * height * 4 > maxMemoryBytes) return undefined;
  const planes = Array.from({ length: colours.channels }, (_, channel) => planeOf(document, layer, channel));
  const alpha = channels.has(transparency) ? planeOf(document, layer, transparency) : undefined;
  const data = new Uint8Array(width * height * 4);
  for (let y = Math.max(0, top); y < Math.min(height, top + layer.height); y += 1) {
    for (let x = Math.max(0, left); x < Math.min(width, left + layer.width); x += 1) {
      const pixel = (y - top) * layer.width + (x - left);
      const to = (y * width + x) * 4;
      colours.write(planes, pixel, data, to);
      data[to + 3] = alpha?.[pixel] ?? 255;
    }
  }
  return { data, width, height, channels: 4 };
}

function planeOf({ depth, isLarge }: PsdDocument, { width, height, channels }: PsdLayer, channel: number): Plane {
  const packed = channels.get(channel);
  if (packed === undefined) throw new RangeError("A channel is missing");
  const [plane] = unpackPlanes({ packed, width, height, depth, isLarge, channels: 1 }, 1);
  if (plane === undefined) throw new RangeError("A channel is empty");
  return plane;
}
