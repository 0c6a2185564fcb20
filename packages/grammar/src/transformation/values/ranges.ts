import type { Range } from "./number.ts";

/** Sizes in pixels, such as a width or a font size. */
export const dimensionRange = { min: 1, max: 65_535 } as const satisfies Range;

/** Lengths in pixels that may be nothing, such as a padding. */
export const lengthRange = { min: 0, max: 65_535 } as const satisfies Range;

/**
 * The whole numbers that parameters accept, by key. The shapes read them here, and so does the console for its fields.
 * This file imports no code, so that a browser loads nothing but these numbers.
 */
export const parameterRanges = {
  w: dimensionRange,
  h: dimensionRange,
  fs: dimensionRange,
  lh: dimensionRange,
  pa: lengthRange,
  r: lengthRange,
  bl: { min: 1, max: 100 },
  o: { min: 0, max: 100 },
  q: { min: 1, max: 100 },
  al: { min: 1, max: 9 },
} as const satisfies Readonly<Record<string, Range>>;
