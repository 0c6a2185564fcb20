import { effectShape } from "./effect-shape.ts";
import { parseInRange, printNumber, type Range } from "./number.ts";
import { readSubParameters } from "./sub-parameters.ts";

export interface Shadow {
  /** A number from 0 to 15. */
  readonly blur: number;
  /** The value in percent. */
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
  /** The value in percent. */
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

/** Reads numeric sub-parameters and clamps each of them to its range. */
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
