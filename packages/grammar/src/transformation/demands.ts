import { everyStep } from "./every-step.ts";
import type { LayerKind, Medium, ParameterRecord, Tier } from "./parameters/parameter-record.ts";
import type { ParameterKey } from "./parameters/parameter-values.ts";
import { transformationParameters } from "./parameters/parameters.ts";
import { printParameter } from "./print.ts";
import type { Layer, ParameterStep, Step, Transformation } from "./transformation.ts";
import { TransformationError, type TransformationProblem } from "./transformation-error.ts";

/** A capability that a transformation requires of the server that executes it. */
export interface Demand {
  readonly tier: Tier;
  /**
   * The parameter's key. It includes the value if only that value requires the tier. A layer is `l-<type>`.
   */
  readonly what: string;
}

/**
 * Lists what a transformation requires beyond the first tier, in the order of its steps. Parameters without an effect
 * on the medium require nothing.
 */
export function findDemands({ steps }: Transformation, medium: Medium): readonly Demand[] {
  return stepDemands(steps, medium).filter(({ tier }) => tier !== "T1");
}

const refusals = {
  T1: "UNKNOWN_PARAMETER",
  T3: "AI_NOT_AVAILABLE",
  video: "UNKNOWN_PARAMETER",
} as const satisfies Record<Tier, TransformationProblem>;

/**
 * @param tiers the tiers that can be executed
 * @param also the requirements of other tiers that can be executed all the same
 * @throws TransformationError that names the first requirement that can't be executed
 * (docs/protocol/transformations.md §9 and its tiers)
 */
export function refuseBeyond(
  transformation: Transformation,
  medium: Medium,
  tiers: readonly Tier[],
  also: (demand: Demand) => boolean = () => false,
): void {
  const beyond = findDemands(transformation, medium).find((demand) => !tiers.includes(demand.tier) && !also(demand));
  if (beyond !== undefined) throw new TransformationError(refusals[beyond.tier], beyond.what);
}

function stepDemands(steps: readonly Step[], medium: Medium): readonly Demand[] {
  return everyStep(steps).flatMap((step) => [...valueDemands(step, medium), ...step.layers.flatMap(layerDemands)]);
}

const layerTiers = {
  image: "T1",
  canvas: "T1",
  text: "T1",
  video: "video",
  subtitles: "video",
} as const satisfies Record<LayerKind, Tier>;

function layerDemands({ kind, steps }: Layer): readonly Demand[] {
  const tier = layerTiers[kind];
  const inside = stepDemands(steps, kind === "video" ? "video" : "image");
  return [{ tier, what: `l-${kind === "canvas" ? "image" : kind}` }, ...inside];
}

function valueDemands({ parameters }: ParameterStep, medium: Medium): readonly Demand[] {
  const records: Readonly<Record<string, Tiered>> = transformationParameters;
  return Object.entries(parameters).flatMap(([key, value]) => {
    const record = records[key];
    if (!record?.media.includes(medium)) return [];
    // The value under each key has the type of that key's record.
    const ofValue = record.beyond?.includes(value as never) ? record.beyond.tier : record.tier;
    const what = ofValue === record.tier ? key : printParameter(key as ParameterKey, value as never);
    return [{ tier: ofValue, what }];
  });
}

type Tiered = Pick<ParameterRecord<never>, "tier" | "beyond" | "media">;
