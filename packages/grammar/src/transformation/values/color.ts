import { type Shape, textShape } from "../shape.ts";
import { cssColors } from "./css-colors.ts";
import { parseInRange, printNumber, type Range } from "./number.ts";

export interface Color {
  /** A number from 0 to 255. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** The value in percent. It is undefined when none was written, so that another parameter may set it. */
  readonly opacity: number | undefined;
  /**
   * The CSS keyword, in lower case, if the colour was written as one. `al` has no effect on such a colour
   * (docs/protocol/transformations.md §6.2).
   */
  readonly keyword: string | undefined;
}

/**
 * Parses a CSS keyword or hex digits. Of eight digits the last two are decimal: the opacity in percent
 * (docs/protocol/transformations.md §2.3).
 */
export function parseColor(text: string): Color | undefined {
  const keyword = text.toLowerCase();
  const named = cssColors.get(keyword);
  if (named !== undefined) return { ...named, keyword };
  const [, hex = "", opacity] = /^([0-9a-f]{3}|[0-9a-f]{6}(\d\d)?)$/i.exec(text) ?? [];
  const digits = hex.length === 3 ? hex.replaceAll(/./g, "$&$&") : hex;
  if (digits === "") return undefined;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
  return { red, green, blue, opacity: opacity === undefined ? undefined : Number(opacity), keyword: undefined };
}

export function printColor({ red, green, blue, opacity, keyword }: Color): string {
  if (keyword !== undefined) return keyword;
  return [red, green, blue].map(twoHexDigits).join("") + (opacity === undefined ? "" : twoDigits(opacity));
}

function twoHexDigits(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, "0");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

const colors = "colour: 6 or 3 hex digits, 6 hex digits and 2 decimal ones of opacity, CSS keyword";

export const colorShape = textShape(colors, parseColor, printColor);

/** A colour and a size, for the outline and the shadow of subtitles. */
export interface ColorWithSize {
  readonly color: Color;
  /** The length in pixels. */
  readonly size: number;
}

const sizeRange: Range = { min: 0, max: 65_535 };

export const sizeThenColorShape = textShape<ColorWithSize>(
  "`<px>_<colour>`",
  (text) => {
    const [size = "", color = "", ...rest] = text.split("_");
    return rest.length === 0 ? parsePair(size, color) : undefined;
  },
  ({ size, color }) => `${printNumber(size)}_${printColor(color)}`,
);

export const colorThenSizeShape = textShape<ColorWithSize>(
  "`<colour>_<px>`",
  (text) => {
    const [color = "", size = "", ...rest] = text.split("_");
    return rest.length === 0 ? parsePair(size, color) : undefined;
  },
  ({ size, color }) => `${printColor(color)}_${printNumber(size)}`,
);

function parsePair(sizeText: string, colorText: string): ColorWithSize | undefined {
  const size = parseInRange(sizeText, sizeRange);
  const color = parseColor(colorText);
  return size === undefined || color === undefined ? undefined : { color, size };
}

/**
 * Replaces the colour `from`, and colours within `tolerance` of it, with `to`. Written as `to`, `tolerance`, `from`.
 */
export interface ColorReplacement {
  readonly to: Color;
  /** A number from 0 to 100. */
  readonly tolerance: number;
  /** The color is undefined for the picture's dominant colour. */
  readonly from: Color | undefined;
}

const tolerance: Range & { readonly standard: number } = { min: 0, max: 100, standard: 35 };

export const colorReplacementShape: Shape<ColorReplacement> = textShape(
  "`<to>[_<tolerance>[_<from>]]`, tolerance 0 to 100",
  (text) => {
    const [toText = "", toleranceText, fromText, ...rest] = text.split("_");
    const to = parseColor(toText);
    const amount = toleranceText === undefined ? tolerance.standard : parseInRange(toleranceText, tolerance);
    const from = fromText === undefined ? undefined : parseColor(fromText);
    if (to === undefined || amount === undefined || rest.length > 0) return undefined;
    if (fromText !== undefined && from === undefined) return undefined;
    return { to, tolerance: amount, from };
  },
  ({ to, tolerance: amount, from }) =>
    [printColor(to), printNumber(amount), ...(from === undefined ? [] : [printColor(from)])].join("_"),
);
