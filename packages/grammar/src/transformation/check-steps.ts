import { checkLayer } from "./check-layer.ts";
import { parseCondition } from "./condition.ts";
import { parameterKey, transformationParameters } from "./parameters/parameters.ts";
import { type Level, scopeOf } from "./scope.ts";
import { ignored } from "./shape.ts";
import type { RawConditional, RawItem, RawParameter, RawStep } from "./structure.ts";
import type { ConditionalStep, Layer, Parameters, Step } from "./transformation.ts";
import { TransformationError } from "./transformation-error.ts";

export interface CheckOptions {
  /** Whether an unknown key is refused or ignored. The account chooses (docs/protocol/transformations.md §9). */
  readonly unknownParameters: "refuse" | "ignore";
}

/** @throws TransformationError */
export function checkSteps(raw: readonly RawStep[], level: Level, options: CheckOptions): readonly Step[] {
  return raw.map(({ items }) => checkStep(items, level, options)).filter((step) => step !== undefined);
}

function checkStep(items: readonly RawItem[], level: Level, options: CheckOptions): Step | undefined {
  const conditional = items.find((item) => item.kind === "conditional");
  if (conditional !== undefined) {
    if (items.length > 1) throw new TransformationError("CONDITION_NOT_ALONE", `if-${conditional.condition}`);
    return checkConditional(conditional, level, options);
  }
  const parameters: Record<string, unknown> = {};
  const layers: Layer[] = [];
  for (const item of items) {
    if (item.kind === "layer") layers.push(checkLayer(item, (raw, where) => checkSteps(raw, where, options)));
    else if (item.kind === "parameter") setParameter(parameters, item, level, options);
  }
  if (layers.length === 0 && Object.keys(parameters).length === 0) return undefined;
  return { kind: "parameters", parameters: parameters as Parameters, layers };
}

function checkConditional(raw: RawConditional, level: Level, options: CheckOptions): ConditionalStep {
  return {
    kind: "conditional",
    condition: parseCondition(raw.condition),
    whenTrue: checkSteps(raw.whenTrue, level, options),
    whenFalse: raw.whenFalse === undefined ? undefined : checkSteps(raw.whenFalse, level, options),
  };
}

/** Sets a parameter. If a parameter is repeated, its last value counts. */
function setParameter(
  parameters: Record<string, unknown>,
  { key: written, value, text }: RawParameter,
  level: Level,
  { unknownParameters }: CheckOptions,
): void {
  const key = parameterKey(written);
  // Parameters that only layers take are unknown outside a layer.
  if (key === undefined || (level === undefined && transformationParameters[key].media.length === 0)) {
    if (unknownParameters === "ignore") return;
    throw new TransformationError("UNKNOWN_PARAMETER", written);
  }
  const record = transformationParameters[key];
  const parsed = record.shape.parse(value, scopeOf(level));
  if (parsed === undefined) throw new TransformationError("INVALID_VALUE", text);
  const applies = level === undefined || record.layers.includes(level);
  if (parsed !== ignored && applies) parameters[key] = parsed;
}
