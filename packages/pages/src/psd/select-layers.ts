import type { LayerSelection } from "../page-task.ts";
import type { PsdLayer } from "./layers.ts";

/**
 * Finds the selected layers, from the lowest one up. All layers of one name are selected by it.
 * @returns undefined where one that is selected is missing
 */
export function selectLayers(layers: readonly PsdLayer[], selection: LayerSelection): readonly PsdLayer[] | undefined {
  if ("names" in selection) {
    const names = new Set(selection.names);
    const missing = new Set(names);
    const selected = layers.filter(({ name }) => {
      missing.delete(name);
      return names.has(name);
    });
    return missing.size === 0 ? selected : undefined;
  }
  const { ranges } = selection;
  if (ranges.some(({ from, to = from }) => from >= layers.length || to >= layers.length)) return undefined;
  return layers.filter((_, place) => ranges.some(({ from, to = place }) => from <= place && place <= to));
}
