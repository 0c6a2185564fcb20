import { conditionHolds, type ParameterStep, type Step, type VariableValues } from "@sluice/grammar";
import type { Size } from "../image/pixels/geometry.ts";
import { propertiesOf, variablesOf } from "../image/plan/known-sizes.ts";
import { FilterGraph } from "./filter-graph.ts";
import type { ProbedFacts } from "./probed-facts.ts";
import { planFraming, type VideoLimits } from "./video-filters.ts";

/** The facts that planning a video takes. */
interface FilmFacts {
  /** The size as it is displayed. A file with a sound alone has none. */
  readonly size: Size | undefined;
  /** In seconds. */
  readonly duration: number | undefined;
  readonly hasSound: boolean;
}

/** The facts of videos that layers show, by their paths. */
export type Films = ReadonlyMap<string, FilmFacts>;

export function filmFacts({ width, height, duration, videoCodec, audioCodec }: ProbedFacts): FilmFacts {
  const hasPicture = videoCodec !== undefined && width !== undefined && height !== undefined;
  return { size: hasPicture ? { width, height } : undefined, duration, hasSound: audioCodec !== undefined };
}

/** The sound of a layer: the input that has it, and the second of the result at which it begins. */
export interface Sound {
  readonly input: number;
  readonly delay: number;
}

/** What steps are planned with. */
export interface Planning {
  readonly limits: VideoLimits;
  readonly graph: FilterGraph;
  readonly films: Films;
  /** The sounds of layers so far. */
  readonly sounds: Sound[];
}

/** A video on which layers lie: the file itself, or a layer. */
export interface Base {
  /** The size of the file, as it is displayed. */
  readonly initial: Size;
  /** The seconds that the file takes, where it tells. */
  readonly duration: number | undefined;
  /** The second of the file at which the part begins that is seen. */
  readonly start: number;
  /** The seconds that the part takes, where they are known. */
  readonly seconds: number | undefined;
  /** The second of the result at which the part is first seen. */
  readonly shownAt: number;
  /** Whether nothing of it is heard, nor of what lies on it. */
  readonly isMute: boolean;
  /** The size of what it lies on, if it is a layer. */
  readonly parent?: Size;
}

/** The values of arithmetic's variables in the steps of a video. */
export function valuesFor({ initial, parent }: Pick<Base, "initial" | "parent">, current: Size): VariableValues {
  return variablesOf({ initial, current, ...(parent !== undefined && { parent }) });
}

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
