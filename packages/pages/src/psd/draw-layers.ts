import type { PagePixels } from "../page-task.ts";
import type { Colours } from "./colours.ts";
import { type PsdLayer, transparency } from "./layers.ts";
import { type Plane, unpackPlanes } from "./planes.ts";
import type { PsdDocument } from "./psd-document.ts";

/**
 * Decodes layers, each over those before it and at its place in the picture, which is transparent around them. Their
 * masks, and the ways in which they would be blended with the layers below, count for nothing.
 * @returns undefined where that takes too much memory
 * @throws RangeError for damaged pixels
 */
export function drawLayers(
  document: PsdDocument,
  layers: readonly PsdLayer[],
  colours: Colours,
  maxMemoryBytes: number,
): PagePixels | undefined {
  const { width, height } = document;
  const largest = Math.max(...layers.map((layer) => layer.width * layer.height));
  if (largest * (colours.channels + 1) + width * height * 4 > maxMemoryBytes) return undefined;
  const data = new Uint8Array(width * height * 4);
  for (const layer of layers) drawOver(data, document, layer, colours);
  return { data, width, height, channels: 4 };
}

function drawOver(data: Uint8Array, document: PsdDocument, layer: PsdLayer, colours: Colours): void {
  const { width, height } = document;
  const { left, top, channels } = layer;
  const planes = Array.from({ length: colours.channels }, (_, channel) =>
    planeOf(document, layer, channels.get(channel)),
  );
  const alpha = channels.has(transparency) ? planeOf(document, layer, channels.get(transparency)) : undefined;
  const colour = new Uint8Array(3);
  for (let y = Math.max(0, top); y < Math.min(height, top + layer.height); y += 1) {
    for (let x = Math.max(0, left); x < Math.min(width, left + layer.width); x += 1) {
      const pixel = (y - top) * layer.width + (x - left);
      const to = (y * width + x) * 4;
      colours.write(planes, pixel, colour, 0);
      blend(data, to, colour, alpha?.[pixel] ?? 255);
    }
  }
}

/** Puts a colour over a pixel. */
function blend(data: Uint8Array, to: number, colour: Uint8Array, alpha: number): void {
  const below = ((data[to + 3] ?? 0) * (255 - alpha)) / 255;
  const whole = alpha + below;
  if (whole === 0) return;
  for (let channel = 0; channel < 3; channel += 1) {
    data[to + channel] = Math.round(((colour[channel] ?? 0) * alpha + (data[to + channel] ?? 0) * below) / whole);
  }
  data[to + 3] = Math.round(whole);
}

function planeOf({ depth, isLarge }: PsdDocument, { width, height }: PsdLayer, packed: Buffer | undefined): Plane {
  if (packed === undefined) throw new RangeError("A channel is missing");
  const [plane] = unpackPlanes({ packed, width, height, depth, isLarge, channels: 1 }, 1);
  if (plane === undefined) throw new RangeError("A channel is empty");
  return plane;
}
