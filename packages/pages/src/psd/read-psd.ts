import type { PagePixels, PageReply, PageTask } from "../page-task.ts";
import { type Colours, coloursOf } from "./colours.ts";
import { type Plane, unpackPlanes } from "./planes.ts";
import { type PsdDocument, readDocument } from "./psd-document.ts";

/**
 * Measures or decodes a Photoshop file: the picture that all of its layers make, as Photoshop has stored it.
 * @throws RangeError for a damaged file
 */
export function readPsd({ bytes, size, maxMemoryBytes }: Omit<PageTask, "kind" | "page">): PageReply {
  const document = readDocument(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (document === undefined || !document.isFlattened) return { failed: "content" };
  const colours = coloursOf(document);
  const { width, height, hasAlpha } = document;
  if (colours === undefined || width === 0 || height === 0) return { failed: "content" };
  if (size === undefined) {
    const profile = colours.keepsProfile ? document.icc : undefined;
    // A copy, since the answer would take the whole file along.
    return { facts: { pages: 1, width, height, hasAlpha, icc: profile && new Uint8Array(profile) } };
  }
  const count = colours.channels + (hasAlpha ? 1 : 0);
  if (width * height * (count + (hasAlpha ? 4 : 3)) > maxMemoryBytes) return { failed: "size" };
  return { pixels: pixelsOf(document, colours, unpackPlanes(document, count)) };
}

function pixelsOf({ width, height, hasAlpha }: PsdDocument, colours: Colours, planes: readonly Plane[]): PagePixels {
  const channels = hasAlpha ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  const alpha = planes[colours.channels];
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
