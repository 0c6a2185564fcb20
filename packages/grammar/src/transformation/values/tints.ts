import { parseExpression } from "../expression.ts";
import { type Color, parseColor, printColor } from "./color.ts";
import { effectShape } from "./effect-shape.ts";
import { clamp, parseInRange, parseSigned, printNumber, type Range } from "./number.ts";
import { type Numeric, printNumeric, settleNumeric } from "./numeric.ts";
import { readSubParameters } from "./sub-parameters.ts";

export interface Colorize {
  readonly color: Color;
  /** The value in percent. */
  readonly intensity: number;
}

const intensityRange: Range = { min: 0, max: 100 };

export const colorizeShape = effectShape<Colorize>(
  "`co-<colour>_in-<0 to 100>`, any of them",
  { color: { red: 128, green: 128, blue: 128, opacity: undefined, keyword: "gray" }, intensity: 100 },
  (text) => {
    const written = readSubParameters(text, ["co", "in"]);
    const color = parseColor(written?.get("co") ?? "gray");
    const intensity = parseInRange(written?.get("in") ?? "100", intensityRange);
    return written === undefined || color === undefined || intensity === undefined ? undefined : { color, intensity };
  },
  ({ color, intensity }) => `co-${printColor(color)}_in-${printNumber(intensity)}`,
);

export interface Gradient {
  /** The direction towards `to`, in degrees: 0 is up and 90 is to the right. */
  readonly direction: number;
  readonly from: Color;
  readonly to: Color;
  /** The point at which `to` is reached. Up to 1 it is a fraction, above 1 it is pixels. */
  readonly stop: Numeric;
}

const directions: ReadonlyMap<string, number> = new Map([
  ["top", 0],
  ["top_right", 45],
  ["right", 90],
  ["bottom_right", 135],
  ["bottom", 180],
  ["bottom_left", 225],
  ["left", 270],
  ["top_left", 315],
  // The documentation spells it this way in one place.
  ["topleft", 315],
]);

const stopRange: Range = { min: 0, max: 65_535, digits: 6 };

const standardGradient: Gradient = {
  direction: 180,
  from: { red: 255, green: 255, blue: 255, opacity: undefined, keyword: undefined },
  to: { red: 0, green: 0, blue: 0, opacity: 0, keyword: undefined },
  stop: 1,
};

export const gradientShape = effectShape<Gradient>(
  "`ld-<0 to 359 or a side or corner>_from-<colour>_to-<colour>_sp-<number or expression>`, any of them",
  standardGradient,
  (text, scope) => {
    const written = readSubParameters(text, ["ld", "from", "to", "sp"]);
    if (written === undefined) return undefined;
    const direction = parsePart(written.get("ld"), standardGradient.direction, parseDirection);
    const from = parsePart(written.get("from"), standardGradient.from, parseColor);
    const to = parsePart(written.get("to"), standardGradient.to, parseColor);
    const stop = parsePart<Numeric>(
      written.get("sp"),
      standardGradient.stop,
      (part) => parseInRange(part, stopRange) ?? parseExpression(part, scope.sizes),
    );
    if (direction === undefined || from === undefined || to === undefined || stop === undefined) return undefined;
    return { direction, from, to, stop };
  },
  ({ direction, from, to, stop }) =>
    `ld-${printNumber(direction)}_from-${printColor(from)}_to-${printColor(to)}_sp-${printNumeric(stop)}`,
  (gradient, work) => ({ ...gradient, stop: settleNumeric(gradient.stop, stopRange, work) }),
);

function parsePart<Value>(
  part: string | undefined,
  standard: Value,
  parse: (text: string) => Value | undefined,
): Value | undefined {
  return part === undefined ? standard : parse(part);
}

function parseDirection(text: string): number | undefined {
  const degrees = directions.get(text) ?? parseSigned(text);
  return degrees === undefined ? undefined : clamp(degrees, { min: 0, max: 359 });
}
