import type { Color } from "@sluice/grammar";
import { type Colour, readColour } from "../pixels/colour.ts";

/**
 * Reads a colour of a block or a text. `al` counts for colours in hex digits that don't state their own opacity
 * (docs/protocol/transformations.md §6.2).
 */
export function readLayerColour(color: Color, al: number | undefined): Colour {
  const applies = al !== undefined && color.keyword === undefined && color.opacity === undefined;
  return readColour(applies ? { ...color, opacity: al * 10 } : color);
}
