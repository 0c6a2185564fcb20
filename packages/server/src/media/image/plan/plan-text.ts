import { MediaError } from "../../media-error.ts";
import { type Size, wholePixels } from "../pixels/geometry.ts";
import { parentVariablesOf, refusing } from "./known-sizes.ts";
import type { LayerContent } from "./step-parameters.ts";
import { textBounds } from "./text-bounds.ts";
import type { PlannedText } from "./text-parameters.ts";

/**
 * The limit for the pixels of a text, by its bounds. So many are drawn in two seconds, and nothing ends a drawing. Of
 * ordinary text, half as many get drawn.
 */
export const maxTextPixels = 32_000_000;

/** The longest side of a text (docs/protocol/delivery.md §13). */
export const maxTextSide = 16_383;

export interface BoundedText {
  readonly text: PlannedText;
  /** The most that the text takes with its padding. */
  readonly bounds: Size;
}

/**
 * Works out what a text is like on its parent.
 * @throws MediaError ELIMIT, ETRANSFORMATION
 */
export function planText({ text: asked, font }: Extract<LayerContent, { kind: "text" }>, parent: Size): BoundedText {
  const written = typeof asked === "function" ? refusing(() => asked(parentVariablesOf(parent))) : asked;
  const { width: side, padding } = written;
  const width = side !== undefined && side < 1 ? wholePixels(side * parent.width) : side;
  const text: PlannedText = { ...written, kind: "text", font, width };
  const bounds = textBounds(text);
  if (bounds.width * bounds.height > maxTextPixels) {
    throw new MediaError("ELIMIT", `A text of up to ${sizeOf(bounds)} pixels is more than this server draws`);
  }
  const box = {
    width: Math.max(bounds.width, width ?? 0) + padding.left + padding.right,
    height: bounds.height + padding.top + padding.bottom,
  };
  return { text, bounds: { width: Math.min(box.width, maxTextSide), height: Math.min(box.height, maxTextSide) } };
}

/** @throws MediaError ELIMIT for a text that has turned out larger than texts may be */
export function refuseLargeText(size: Size): void {
  if (Math.max(size.width, size.height) <= maxTextSide) return;
  throw new MediaError("ELIMIT", `A text of ${sizeOf(size)} pixels has more than ${maxTextSide} on a side`);
}

function sizeOf({ width, height }: Size): string {
  return `${width} x ${height}`;
}
