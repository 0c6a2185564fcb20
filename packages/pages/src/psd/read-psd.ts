import type { PageReply, PageTask } from "../page-task.ts";
import { coloursOf } from "./colours.ts";
import { drawFlattened } from "./draw-flattened.ts";
import { drawLayer } from "./draw-layer.ts";
import { readLayers } from "./layers.ts";
import { readDocument } from "./psd-document.ts";

/**
 * Measures or decodes a Photoshop file: the picture that all of its layers make, as Photoshop has stored it, or a layer
 * by itself.
 * @throws RangeError for a damaged file
 */
export function readPsd({ bytes, page, size, maxMemoryBytes }: Omit<PageTask, "kind">): PageReply {
  const document = readDocument(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (document === undefined) return { failed: "content" };
  const colours = coloursOf(document);
  const { width, height } = document;
  if (colours === undefined || width === 0 || height === 0) return { failed: "content" };
  const layers = page === undefined ? [] : readLayers(document.layers, document.isLarge);
  const layer = page === undefined ? undefined : layers[page];
  if (layer === undefined && !document.isFlattened) return { failed: "content" };
  if (size !== undefined) {
    const pixels =
      layer === undefined
        ? drawFlattened(document, colours, maxMemoryBytes)
        : drawLayer(document, layer, colours, maxMemoryBytes);
    return pixels === undefined ? { failed: "size" } : { pixels };
  }
  const profile = colours.keepsProfile ? document.icc : undefined;
  const hasAlpha = layer === undefined ? document.hasAlpha : true;
  // A copy, since the answer would take the whole file along.
  const icc = profile && new Uint8Array(profile);
  return { facts: { pages: Math.max(layers.length, 1), width, height, hasAlpha, icc } };
}
