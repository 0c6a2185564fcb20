import { effectParameters } from "./effects.ts";
import { modelParameters } from "./models.ts";
import { outputParameters } from "./output.ts";
import type { ParameterRecord, Tier } from "./parameter-record.ts";
import type { ParameterKey, ParameterValues, PlacementKey, PlacementValues } from "./parameter-values.ts";
import { placementParameters } from "./placement.ts";
import { sizeParameters } from "./size.ts";
import { sourceParameters } from "./source.ts";
import { textParameters } from "./text.ts";
import { videoParameters } from "./video.ts";

type Records<Values> = { readonly [Key in keyof Values]: ParameterRecord<Values[Key]> };

/** Every parameter by key. Parsing, printing, refusals and documentation follow from these records. */
export const transformationParameters: Records<ParameterValues> = {
  ...sourceParameters,
  ...sizeParameters,
  ...effectParameters,
  ...modelParameters,
  ...outputParameters,
  ...videoParameters,
  ...textParameters,
} satisfies Records<ParameterValues>;

/** The parameters that only layers have. */
export const layerParameters: Records<PlacementValues> = placementParameters;

/** All parameters, in the order in which the reference lists them. */
export const parameterGroups = [
  { title: "Source, pages and default images", records: sourceParameters },
  { title: "Resize and crop", records: sizeParameters },
  { title: "Effects, rotation, borders and corners", records: effectParameters },
  { title: "AI transformations", records: modelParameters },
  { title: "Format, quality and metadata", records: outputParameters },
  { title: "Video parameters", records: videoParameters },
  { title: "Text, subtitle and colour block layers", records: textParameters },
  { title: "Layer position and timing", records: placementParameters },
] as const satisfies readonly { readonly title: string; readonly records: Readonly<Record<string, Documented>> }[];

type Documented = Omit<ParameterRecord<never>, "shape" | "beyond"> & {
  readonly shape: { readonly values: string };
  readonly beyond?: { readonly values: string; readonly tier: Tier };
};

/** `@imagekit/javascript` has no key for the colour of subtitles and sends its own name for it. */
const keyAliases: Readonly<Record<string, ParameterKey>> = { color: "co" };

/** Returns the key for a written key, which may be an alias. */
export function parameterKey(written: string): ParameterKey | undefined {
  if (Object.hasOwn(keyAliases, written)) return keyAliases[written];
  return Object.hasOwn(transformationParameters, written) ? (written as ParameterKey) : undefined;
}

export function isPlacementKey(key: string): key is PlacementKey {
  return Object.hasOwn(layerParameters, key);
}
