import { parseExpression } from "../expression.ts";
import { ignored, type Scope, type Shape } from "../shape.ts";
import { type Color, parseColor, printColor } from "./color.ts";
import { clamp, parseDecimal, parseInRange, parseSigned, printNumber, type Range } from "./number.ts";
import { type Numeric, printNumeric } from "./numeric.ts";
import { readSubParameters } from "./sub-parameters.ts";

/** What an effect is without parameters; SDKs write `true` for that, and `false` where the caller meant no effect. */
function effectShape<Value>(
  values: string,
  standard: Value,
  parse: (text: string, scope: Scope) => Value | undefined,
  print: (value: Value) => string,
): Shape<Value> {
  return {
    values: `none; ${values}`,
    parse: (text, scope) => {
      if (text === undefined || ["", "-", "true"].includes(text)) return standard;
      return text === "false" ? ignored : parse(text, scope);
    },
    print,
  };
}

const sharpenRange: Range = { min: 1, max: 99 };

export const sharpenShape = effectShape<number>(
  "whole number 1 to 99",
  50,
  (text) => parseInRange(text, sharpenRange),
  printNumber,
);

export interface UnsharpMask {
  readonly radius: number;
  readonly sigma: number;
  readonly amount: number;
  readonly threshold: number;
}

export const unsharpMaskShape = effectShape<UnsharpMask>(
  "`<radius>-<sigma>-<amount>-<threshold>`",
  { radius: 2, sigma: 2, amount: 0.8, threshold: 0.024 },
  (text) => {
    const [radius, sigma, amount, threshold, ...rest] = text.split("-").map(parseDecimal);
    if (radius === undefined || sigma === undefined || amount === undefined || threshold === undefined)
      return undefined;
    return rest.length > 0 ? undefined : { radius, sigma, amount, threshold };
  },
  ({ radius, sigma, amount, threshold }) => [radius, sigma, amount, threshold].map(printNumber).join("-"),
);

export interface Shadow {
  /** 0 to 15. */
  readonly blur: number;
  /** Percent. */
  readonly opacity: number;
  /** Percent of the width, -100 to 100. */
  readonly x: number;
  /** Percent of the height, -100 to 100. */
  readonly y: number;
}

const shadowRanges = {
  bl: { min: 0, max: 15, standard: 10 },
  st: { min: 0, max: 100, standard: 30 },
  x: { min: -100, max: 100, standard: 2 },
  y: { min: -100, max: 100, standard: 2 },
} as const;

export const shadowShape = effectShape<Shadow>(
  "`bl-<0 to 15>_st-<0 to 100>_x-<N100 to 100>_y-<N100 to 100>`, any of them",
  toShadow({}),
  (text) => {
    const numbers = readNumbers(text, shadowRanges);
    return numbers === undefined ? undefined : toShadow(numbers);
  },
  ({ blur, opacity, x, y }) =>
    `bl-${printNumber(blur)}_st-${printNumber(opacity)}_x-${printNumber(x)}_y-${printNumber(y)}`,
);

function toShadow(written: Partial<Record<keyof typeof shadowRanges, number>>): Shadow {
  const { bl, st, x, y } = shadowRanges;
  return {
    blur: written.bl ?? bl.standard,
    opacity: written.st ?? st.standard,
    x: written.x ?? x.standard,
    y: written.y ?? y.standard,
  };
}

export interface DropShadow {
  /** Degrees from which the light comes, 0 to 360. */
  readonly azimuth: number;
  /** Degrees above the ground, 0 to 90. */
  readonly elevation: number;
  /** Percent. */
  readonly opacity: number;
}

const dropShadowRanges = {
  az: { min: 0, max: 360, standard: 215 },
  el: { min: 0, max: 90, standard: 45 },
  st: { min: 0, max: 100, standard: 60 },
} as const;

export const dropShadowShape = effectShape<DropShadow>(
  "`az-<0 to 360>_el-<0 to 90>_st-<0 to 100>`, any of them",
  toDropShadow({}),
  (text) => {
    const numbers = readNumbers(text, dropShadowRanges);
    return numbers === undefined ? undefined : toDropShadow(numbers);
  },
  ({ azimuth, elevation, opacity }) =>
    `az-${printNumber(azimuth)}_el-${printNumber(elevation)}_st-${printNumber(opacity)}`,
);

function toDropShadow(written: Partial<Record<keyof typeof dropShadowRanges, number>>): DropShadow {
  const { az, el, st } = dropShadowRanges;
  return {
    azimuth: written.az ?? az.standard,
    elevation: written.el ?? el.standard,
    opacity: written.st ?? st.standard,
  };
}

/** Sub-parameters that are numbers, clamped to their ranges. */
function readNumbers<Key extends string>(
  text: string,
  ranges: Readonly<Record<Key, Range>>,
): Partial<Record<Key, number>> | undefined {
  const keys = Object.keys(ranges) as Key[];
  const written = readSubParameters(text, keys);
  if (written === undefined) return undefined;
  const numbers: Partial<Record<Key, number>> = {};
  for (const key of keys) {
    const part = written.get(key);
    if (part === undefined) continue;
    const number = parseInRange(part, ranges[key]);
    if (number === undefined) return undefined;
    numbers[key] = number;
  }
  return numbers;
}

export interface Colorize {
  readonly color: Color;
  /** Percent. */
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
  /** The direction in which it goes over to `to`: degrees, 0 is up and 90 to the right. */
  readonly direction: number;
  readonly from: Color;
  readonly to: Color;
  /** Where `to` is reached: up to 1 a fraction, above it pixels. */
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
  // As the documentation has it in one place.
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
