import type { effectParameters } from "./effects.ts";
import type { modelParameters } from "./models.ts";
import type { outputParameters } from "./output.ts";
import type { ValuesOf } from "./parameter-record.ts";
import type { placementParameters } from "./placement.ts";
import type { sizeParameters } from "./size.ts";
import type { sourceParameters } from "./source.ts";
import type { textParameters } from "./text.ts";
import type { videoParameters } from "./video.ts";

/** Everything that a step may contain apart from layers, by key. */
export interface ParameterValues
  extends ValuesOf<typeof sizeParameters>,
    ValuesOf<typeof effectParameters>,
    ValuesOf<typeof modelParameters>,
    ValuesOf<typeof outputParameters>,
    ValuesOf<typeof sourceParameters>,
    ValuesOf<typeof videoParameters>,
    ValuesOf<typeof textParameters> {}

export type ParameterKey = keyof ParameterValues;

/** These values say where, when and how a layer is drawn on its parent. */
export interface PlacementValues extends ValuesOf<typeof placementParameters> {}

export type PlacementKey = keyof PlacementValues;

type KeysOfTier<Records, Tier> = {
  [Key in keyof Records]: Records[Key] extends { readonly tier: Tier } ? Key : never;
}[keyof Records];

/** The pixel effects of the first tier. Every renderer of that tier implements each of them. */
export type EffectKey = KeysOfTier<typeof effectParameters, "T1">;
