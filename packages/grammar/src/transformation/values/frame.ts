import { parseExpression } from "../expression.ts";
import { type Shape, textShape } from "../shape.ts";
import { type Color, parseColor, printColor } from "./color.ts";
import { parseInRange, parseSigned, printNumber, type Range, round } from "./number.ts";
import { type Numeric, printNumeric, settleNumeric } from "./numeric.ts";
import { lengthRange } from "./ranges.ts";

/** A frame around the picture. The picture grows by twice the frame's width. */
export interface Border {
  /** The length in pixels. */
  readonly width: Numeric;
  readonly color: Color;
}

export const borderShape: Shape<Border> = textShape(
  "`<width>_<colour>`, width in pixels or an expression",
  (text, scope) => {
    // The colour comes last; a dash before it is an older spelling.
    const [, widthText = "", colorText = ""] = /^(.+)[-_]([^-_]+)$/s.exec(text) ?? [];
    const width = parseInRange(widthText, lengthRange) ?? parseExpression(widthText, scope.sizes);
    const color = parseColor(colorText);
    return width === undefined || color === undefined ? undefined : { width, color };
  },
  ({ width, color }) => `${printNumeric(width)}_${printColor(color)}`,
  (border, work) => ({ ...border, width: settleNumeric(border.width, lengthRange, work) }),
);

/** The length in pixels. `max` makes an ellipse. */
export type Corner = number | "max";

/** One radius for all corners, or four: top left, top right, bottom right, bottom left. */
export type Radius = readonly [Corner] | readonly [Corner, Corner, Corner, Corner];

export const radiusShape: Shape<Radius> = textShape<Radius>(
  "pixels or `max`; `<top left>_<top right>_<bottom right>_<bottom left>`",
  (text) => {
    const [all, right, opposite, left, ...rest] = text.split("_").map(parseCorner);
    if (all === undefined || rest.length > 0) return undefined;
    if (right === undefined && opposite === undefined && left === undefined)
      return text.includes("_") ? undefined : [all];
    return right === undefined || opposite === undefined || left === undefined
      ? undefined
      : [all, right, opposite, left];
  },
  (corners) => corners.map((corner) => (corner === "max" ? corner : printNumber(corner))).join("_"),
);

function parseCorner(text: string): Corner | undefined {
  return text === "max" ? "max" : parseInRange(text, lengthRange);
}

/** Degrees clockwise, or `auto` for the file's own orientation. */
export type Rotation = number | "auto";

export const rotationShape: Shape<Rotation> = textShape<Rotation>(
  "degrees clockwise, counter-clockwise with `N`; `auto`",
  (text) => {
    if (text === "auto") return "auto";
    const degrees = parseSigned(text);
    return degrees === undefined ? undefined : round(degrees, 2);
  },
  (rotation) => (rotation === "auto" ? rotation : printNumber(rotation)),
);

/** Whether edges of one colour are cut off. A number is the tolerance around that colour, in percent. */
export type Trim = boolean | number;

const trimRange: Range = { min: 1, max: 99 };

export const trimShape: Shape<Trim> = {
  values: "`true`; whole number 1 to 99; `false`, in layers",
  parse: (text) => {
    // SDKs write `t-` for the parameter without a value (docs/protocol/transformations.md §1).
    if (text === "true" || text === "") return true;
    if (text === "false") return false;
    return text === undefined ? undefined : parseInRange(text, trimRange);
  },
  print: (trim) => (typeof trim === "number" ? printNumber(trim) : String(trim)),
};

export type Flip = readonly ["h"] | readonly ["v"] | readonly ["h", "v"];

const flips: ReadonlyMap<string, Flip> = new Map<string, Flip>([
  ["h", ["h"]],
  ["v", ["v"]],
  ["h_v", ["h", "v"]],
  ["v_h", ["h", "v"]],
]);

export const flipShape: Shape<Flip> = textShape<Flip>(
  [...flips.keys()].map((word) => `\`${word}\``).join(", "),
  (text) => flips.get(text),
  (flip) => flip.join("_"),
);
