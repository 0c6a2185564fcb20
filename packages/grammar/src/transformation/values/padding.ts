import { parseOperations } from "../expression.ts";
import { type Shape, textShape } from "../shape.ts";
import { clamp } from "./number.ts";
import { type Numeric, printNumeric, settleNumeric } from "./numeric.ts";
import { lengthRange } from "./ranges.ts";

/** One to four values, in the order of CSS. */
export type Padding = readonly Numeric[];

export const paddingShape: Shape<Padding> = textShape<Padding>(
  "pixels or expressions: `10`, `10_20`, `10_20_30`, `10_20_30_40`",
  (text, scope) => {
    const sides = parseOperations(text.split("_"), scope.sizes);
    if (sides === undefined || sides.length > 4) return undefined;
    return sides.map((side) => {
      const [only] = side.operands;
      return side.operands.length === 1 && typeof only === "number" ? clamp(only, lengthRange) : side;
    });
  },
  (sides) => sides.map(printNumeric).join("_"),
  (sides, work) => sides.map((side) => settleNumeric(side, lengthRange, work)),
);
