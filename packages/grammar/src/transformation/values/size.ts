import { type Expression, parseExpression, printExpression } from "../expression.ts";
import { ignored, isExpression, type Shape, textShape } from "../shape.ts";
import { clamp, parseDecimal, parseSigned, printNumber } from "./number.ts";
import { dimensionRange } from "./ranges.ts";

/** A larger dimension is ignored (docs/protocol/delivery.md §13). */
const { min: minDimension, max: maxDimension } = dimensionRange;

export type Dimension =
  | { readonly kind: "pixels"; readonly pixels: number }
  /** A fraction of the step's input, more than 0 and less than 1. */
  | { readonly kind: "fraction"; readonly fraction: number }
  /** The size comes from the client's hint. Only a width can be `auto`. */
  | { readonly kind: "auto" }
  | Expression;

export const widthShape = dimensionShape({ auto: true });
export const heightShape = dimensionShape({ auto: false });

function dimensionShape({ auto }: { readonly auto: boolean }): Shape<Dimension> {
  return textShape<Dimension>(
    `pixels ${minDimension} to ${maxDimension}; fraction between 0 and 1;${auto ? " `auto`;" : ""} expression`,
    (text, scope) => {
      if (auto && text === "auto") return { kind: "auto" };
      const number = parseDecimal(text);
      if (number === undefined) return parseExpression(text, scope.sizes);
      if (number === 0) return undefined;
      if (number < 1) return { kind: "fraction", fraction: number };
      return number > maxDimension ? ignored : { kind: "pixels", pixels: Math.round(number) };
    },
    (dimension) => {
      if (isExpression(dimension)) return printExpression(dimension);
      if (dimension.kind === "auto") return "auto";
      return printNumber(dimension.kind === "pixels" ? dimension.pixels : dimension.fraction);
    },
    // Arithmetic gives pixels, however few. Only a number that is written can be a fraction.
    (dimension, { evaluate, refuse }) => {
      if (!isExpression(dimension)) return dimension;
      const pixels = evaluate(dimension);
      if (pixels <= 0) refuse();
      return pixels > maxDimension ? ignored : { kind: "pixels", pixels: Math.max(minDimension, Math.round(pixels)) };
    },
  );
}

export type AspectRatio = { readonly kind: "ratio"; readonly width: number; readonly height: number } | Expression;

export const aspectRatioShape = textShape<AspectRatio>(
  "`<width>-<height>` or `<width>_<height>`; number; expression",
  (text, scope) => {
    const [widthText = "", heightText = "1", ...rest] = text.split(/[-_]/);
    const width = parseDecimal(widthText);
    const height = parseDecimal(heightText);
    if (width === undefined || height === undefined || rest.length > 0) return parseExpression(text, scope.sizes);
    return width > 0 && height > 0 ? { kind: "ratio", width, height } : undefined;
  },
  (ratio) =>
    isExpression(ratio) ? printExpression(ratio) : `${printNumber(ratio.width)}-${printNumber(ratio.height)}`,
  (ratio, { evaluate, refuse }) => {
    if (!isExpression(ratio)) return ratio;
    const width = evaluate(ratio);
    return width <= 0 ? refuse() : { kind: "ratio", width: clamp(width, ratios), height: 1 };
  },
);

/** The ratios that can be written. */
const ratios = { min: 1e-6, max: 1e9, digits: 6 };

/**
 * A distance inside the parent. `N0` differs from `0`: it measures from the opposite edge
 * (docs/protocol/transformations.md §6.2). The distance is less than nothing only as a result of arithmetic.
 */
export type Offset = { readonly kind: "offset"; readonly distance: number; readonly negative: boolean } | Expression;

export const offsetShape = textShape<Offset>(
  "pixels, negative with `N`; expression",
  (text, scope) => {
    const number = parseSigned(text);
    if (number === undefined) return parseExpression(text, scope.sizes);
    const distance = Math.min(Math.round(Math.abs(number)), maxDimension);
    return { kind: "offset", distance, negative: /^[N-]/.test(text) };
  },
  (offset) =>
    isExpression(offset) ? printExpression(offset) : `${offset.negative ? "N" : ""}${printNumber(offset.distance)}`,
  (offset, { evaluate }) => {
    if (!isExpression(offset)) return offset;
    // Whatever its sign, the result is counted from the near edge: an `N` in front of a number says otherwise.
    return { kind: "offset", distance: clamp(evaluate(offset), offsets), negative: false };
  },
);

const offsets = { min: -maxDimension, max: maxDimension };
