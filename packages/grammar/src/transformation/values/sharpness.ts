import { effectShape } from "./effect-shape.ts";
import { parseDecimal, parseInRange, printNumber, type Range } from "./number.ts";

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
