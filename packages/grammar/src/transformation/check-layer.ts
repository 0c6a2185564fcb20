import { readContent } from "./layer-input.ts";
import type { PlacementKey, PlacementValues } from "./parameters/parameter-values.ts";
import { isPlacementKey, layerParameters } from "./parameters/parameters.ts";
import { type Level, placementScope } from "./scope.ts";
import { ignored } from "./shape.ts";
import type { RawItem, RawLayer, RawParameter, RawStep } from "./structure.ts";
import type { Layer, Step } from "./transformation.ts";
import { TransformationError } from "./transformation-error.ts";

/** Only one parameter of each pair may say where a layer lies. */
const exclusive = [
  ["lx", "lxc"],
  ["ly", "lyc"],
] as const;

/**
 * Checks a layer. The order inside a layer has no meaning: its input and its placement may stand in any of its steps.
 * @param checkSteps checks the layer's own steps, which may contain layers again
 * @throws TransformationError
 */
export function checkLayer(
  raw: RawLayer,
  checkSteps: (steps: readonly RawStep[], level: Level) => readonly Step[],
): Layer {
  const items = raw.steps.flatMap((step) => step.items);
  const content = readContent(raw.text, lastValue(items, "i"), lastValue(items, "ie"));
  const steps = raw.steps
    .map((step) => ({ items: step.items.filter((item) => !isOfLayer(item)) }))
    .filter((step) => step.items.length > 0);
  return { ...content, placement: readPlacement(items), steps: checkSteps(steps, content.kind) };
}

function isOfLayer(item: RawItem): boolean {
  return item.kind === "parameter" && (item.key === "i" || item.key === "ie" || isPlacementKey(item.key));
}

/** Finds the last non-empty value of a key. Empty values are ignored. */
function lastValue(items: readonly RawItem[], key: string): string | undefined {
  const written = items.findLast(
    (item): item is RawParameter => item.kind === "parameter" && item.key === key && Boolean(item.value),
  );
  return written?.value;
}

function readPlacement(items: readonly RawItem[]): Partial<PlacementValues> {
  const placement: Partial<Record<PlacementKey, unknown>> = {};
  for (const item of items) {
    if (item.kind !== "parameter" || !isPlacementKey(item.key)) continue;
    const value = layerParameters[item.key].shape.parse(item.value, placementScope);
    if (value === undefined) throw new TransformationError("INVALID_VALUE", item.text);
    if (value !== ignored) placement[item.key] = value;
  }
  for (const [edge, centre] of exclusive) {
    const both = placement[edge] !== undefined && placement[centre] !== undefined;
    if (both) throw new TransformationError("OFFSETS_CONFLICT", `${edge}, ${centre}`);
  }
  return placement as Partial<PlacementValues>;
}
