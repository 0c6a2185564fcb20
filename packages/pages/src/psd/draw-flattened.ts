import type { PagePixels } from "../page-task.ts";
import type { Colours } from "./colours.ts";
import { unpackPlanes } from "./planes.ts";
import type { PsdDocument } from "./psd-document.ts";

/**
 * Decodes the picture that all layers make.
 * @returns undefined where that takes too much memory
 * @throws RangeError for damaged pixels
 */
export function drawFlattened(document: PsdDocument, colours: Colours, maxMemoryBytes: number): PagePixels | undefined {
  const { width, height, hasAlpha } = document;
  const channels = hasAlpha ? 4 : 3;
  const count = colours.channels + (hasAlpha ? 1 : 0);
  if (width * height * (count + channels) > maxMemoryBytes) return undefined;
  const planes = unpackPlanes(document, count);
  const alpha = planes[colours.channels];
  const data = new Uint8Array(width * height * channels);
  for (let pixel = 0, to = 0; to < data.length; pixel += 1, to += channels) {
    colours.write(planes, pixel, data, to);
    if (hasAlpha) makeTransparent(data, to, alpha?.[pixel] ?? 0);
  }
  return { data, width, height, channels };
}

/** Transparent pixels are stored as they look on white. */
function makeTransparent(data: Uint8Array, to: number, alpha: number): void {
  for (let channel = to; channel < to + 3; channel += 1) {
    const onWhite = data[channel] ?? 0;
    data[channel] = alpha === 0 ? 0 : Math.min(255, Math.max(0, Math.round(((onWhite + alpha - 255) * 255) / alpha)));
  }
  data[to + 3] = alpha;
}
