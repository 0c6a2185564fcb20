import type { PageReply, PageTask } from "../page-task.ts";
import { coloursOf } from "./colours.ts";
import { drawFlattened } from "./draw-flattened.ts";
import { drawLayers } from "./draw-layers.ts";
import { readLayers } from "./layers.ts";
import { type PsdDocument, readDocument } from "./psd-document.ts";
import { selectLayers } from "./select-layers.ts";

/**
 * Measures or decodes a Photoshop file: the picture that all of its layers make, as Photoshop has stored it, or some
 * of the layers.
 * @throws RangeError for a damaged file
 */
export function readPsd({ bytes, page, layers: selection, size, maxMemoryBytes }: Omit<PageTask, "kind">): PageReply {
  const document = readDocument(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (document === undefined) return { failed: "content" };
  const colours = coloursOf(document);
  const { width, height } = document;
  if (colours === undefined || width === 0 || height === 0) return { failed: "content" };
  const layers = page === undefined && selection === undefined ? [] : readLayers(document.layers, document.isLarge);
  const only = page === undefined ? [] : layers.slice(page, page + 1);
  const selected = selection === undefined ? only : selectLayers(layers, selection);
  if (selected === undefined) return { failed: "layers" };
  const isWhole = selected.length === 0;
  if (isWhole && !document.isFlattened) return { failed: "content" };
  if (size !== undefined) {
    const pixels = isWhole
      ? drawFlattened(document, colours, maxMemoryBytes)
      : drawLayers(document, selected, colours, maxMemoryBytes);
    return pixels === undefined ? { failed: "size" } : { pixels };
  }
  const hasAlpha = isWhole ? document.hasAlpha : true;
  const icc = colours.keepsProfile ? profileOf(document) : undefined;
  return { facts: { pages: Math.max(layers.length, 1), width, height, hasAlpha, icc } };
}

/** Real profiles have two megabytes at most. A hostile one would be as large as the file, and count as no memory. */
const maxProfileBytes = 4 * 1024 * 1024;

/** Copies the colour profile, since the answer would take the whole file along. */
function profileOf({ icc }: PsdDocument): Uint8Array | undefined {
  return icc !== undefined && icc.length <= maxProfileBytes ? new Uint8Array(icc) : undefined;
}
