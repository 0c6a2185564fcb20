import { conditionHolds, type ParameterStep, type Step } from "@sluice/grammar";
import type { Size } from "../image/pixels/geometry.ts";
import { propertiesOf } from "../image/plan/known-sizes.ts";
import { FilterGraph } from "./filter-graph.ts";
import { type Base, valuesFor } from "./planning.ts";
import { planFraming, type VideoLimits } from "./video-filters.ts";

/**
 * Puts the steps of the branches that are taken in the place of conditions (docs/protocol/transformations.md §4). What
 * they compare are sizes, which neither times nor layers change.
 * @throws MediaError ETRANSFORMATION, ELIMIT
 */
export function decideConditions(
  steps: readonly Step[],
  sizes: Pick<Base, "initial" | "parent">,
  limits: VideoLimits,
): readonly ParameterStep[] {
  const { initial } = sizes;
  const decided: ParameterStep[] = [];
  let current = initial;
  const take = (chain: readonly Step[]): void => {
    for (const step of chain) {
      if (step.kind === "conditional") {
        const holds = conditionHolds(step.condition, propertiesOf({ initial, current }));
        take(holds ? step.whenTrue : (step.whenFalse ?? []));
      } else {
        decided.push(step);
        current = sizeAfter(step, current);
      }
    }
  };
  const sizeAfter = ({ parameters }: ParameterStep, before: Size): Size => {
    const chain = { from: "", filters: [], size: before, alpha: false };
    const graph = new FilterGraph(limits.layers);
    return planFraming(parameters, valuesFor(sizes, before), chain, { limits, graph }).size;
  };
  if (steps.every((step) => step.kind === "parameters")) return steps;
  take(steps);
  return decided;
}
