import { type Expression, evaluateExpression, type Variable } from "./expression.ts";
import type { ParameterKey, PlacementKey, PlacementValues } from "./parameters/parameter-values.ts";
import { layerParameters, transformationParameters } from "./parameters/parameters.ts";
import { printValue } from "./print.ts";
import { type Arithmetic, holdsExpression, ignored } from "./shape.ts";
import type { Parameters } from "./transformation.ts";
import { TransformationError } from "./transformation-error.ts";

/** The values of the variables of arithmetic at one place. A variable without a meaning there has no value. */
export type VariableValues = Readonly<Partial<Record<Variable, number>>>;

/**
 * Puts numbers in the place of arithmetic, which then count as if they were written: they are rounded, clamped to the
 * parameter's range, or ignored where they are larger than any dimension (docs/protocol/transformations.md §3).
 * @throws TransformationError NOT_A_SIZE that names the parameter: it divides by zero, the result is too large for a
 * number, or a size isn't more than zero
 */
export function settleParameters(parameters: Parameters, values: VariableValues): Parameters {
  return settle(parameters, values, transformationParameters);
}

/** Does the same for the parameters that place a layer. @throws TransformationError NOT_A_SIZE */
export function settlePlacement(placement: Partial<PlacementValues>, values: VariableValues): Partial<PlacementValues> {
  return settle(placement, values, layerParameters);
}

type Records = Readonly<Record<string, Settled>>;

/** A record whose values may hold arithmetic. */
interface Settled {
  readonly shape: { readonly settle?: (value: never, work: Arithmetic) => unknown };
}

function settle<Values extends object>(written: Values, values: VariableValues, records: Records): Values {
  if (!holdsExpression(written)) return written;
  const settled = Object.entries(written).map(([key, value]) => {
    if (!holdsExpression(value)) return [key, value] as const;
    // The value under each key has the type of that key's record.
    return [key, records[key]?.shape.settle?.(value as never, arithmeticAt(key as Key, value, values))] as const;
  });
  return Object.fromEntries(settled.filter(([, value]) => value !== ignored)) as Values;
}

type Key = ParameterKey | PlacementKey;

function arithmeticAt(key: Key, value: unknown, values: VariableValues): Arithmetic {
  const refuse = (): never => {
    throw new TransformationError("NOT_A_SIZE", `${key}-${printValue(key, value)}`);
  };
  const evaluate = (expression: Expression): number => evaluateExpression(expression, values) ?? refuse();
  return { evaluate, refuse };
}
