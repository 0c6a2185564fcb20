import { percentEncode } from "../text/percent.ts";
import { printCondition } from "./condition.ts";
import { printContent } from "./layer-input.ts";
import type { ParameterKey, ParameterValues } from "./parameters/parameter-values.ts";
import { layerParameters, transformationParameters } from "./parameters/parameters.ts";
import type { Layer, Parameters, Step, Transformation } from "./transformation.ts";

/**
 * Prints a transformation so that `parseTransformation` reads the same one again. The text has no `tr:` and is encoded
 * for both a path and a query. Parameters appear in the order of their records, whatever order they were written in.
 */
export function printTransformation({ steps }: Transformation): string {
  const text = printSteps(steps);
  // A text without a delimiter of its own would be decoded before it is split (docs/protocol/delivery.md §1.3), so it
  // gets one.
  return !/[,:]/.test(text) && /%2c|%3a/i.test(text) ? `${text},` : text;
}

function printSteps(steps: readonly Step[]): string {
  return steps.map(printStep).join(":");
}

function printStep(step: Step): string {
  if (step.kind === "conditional") {
    const { condition, whenTrue, whenFalse } = step;
    const branches = [printSteps(whenTrue), ...(whenFalse === undefined ? [] : ["if-else", printSteps(whenFalse)])];
    return [`if-${printCondition(condition)}`, ...branches.filter(Boolean), "if-end"].join(",");
  }
  return [...printValues(step.parameters), ...step.layers.map(printLayer)].join(",");
}

function printLayer(layer: Layer): string {
  const placement = printValues(layer.placement);
  return [...printContent(layer), ...placement, ...[printSteps(layer.steps)].filter(Boolean), "l-end"].join(",");
}

interface Printable {
  readonly shape: { readonly print: (value: never) => string | undefined };
}

const records: Readonly<Record<string, Printable>> = { ...transformationParameters, ...layerParameters };
const ranks: ReadonlyMap<string, number> = new Map(Object.keys(records).map((key, rank) => [key, rank]));

function printValues(values: Parameters | Layer["placement"]): string[] {
  return Object.entries(values)
    .toSorted(([one], [other]) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0))
    .map(([key, value]) => joined(key, printValue(key, value), percentEncode));
}

/** Prints one parameter for a message: decoded, and as the key alone if the parameter has no value. */
export function printParameter<Key extends ParameterKey>(key: Key, value: ParameterValues[Key]): string {
  return joined(key, printValue(key, value), (text) => text);
}

/** Prints a value of a parameter, or of what places a layer, decoded. */
export function printValue(key: string, value: unknown): string | undefined {
  // The value under each key has the type of that key's record.
  return records[key]?.shape.print(value as never);
}

function joined(key: string, value: string | undefined, encode: (text: string) => string): string {
  return value === undefined ? key : `${key}-${encode(value)}`;
}
