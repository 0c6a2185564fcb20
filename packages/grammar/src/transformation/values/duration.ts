import { durationVariables, type Variable } from "../expression.ts";
import { numericShape } from "./numeric.ts";

const durations: ReadonlySet<Variable> = new Set(durationVariables);

/** Seconds, with two decimals. */
export const durationShape = numericShape({ min: 0, max: 1_000_000, digits: 2 }, () => durations);
