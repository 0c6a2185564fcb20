import type { Color } from "@sluice/grammar";

/** Red, green and blue go from 0 to 255, `alpha` from 0 to 1. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

export const transparent: Colour = { r: 0, g: 0, b: 0, alpha: 0 };
export const black: Colour = { r: 0, g: 0, b: 0, alpha: 1 };

/** Reads the colour that a URL names. The URL states its opacity in percent. */
export function readColour({ red, green, blue, opacity = 100 }: Color): Colour {
  return { r: red, g: green, b: blue, alpha: opacity / 100 };
}
