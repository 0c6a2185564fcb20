import { layerParameters, transformationParameters } from "./parameters/parameters.ts";

/** By which name the official SDKs know a key; several for keys that mean the same under two of them. */
export interface SdkName {
  readonly name: string;
  readonly key: string;
  /** Whether it is a position, mode or timing of an overlay. */
  readonly overlay: boolean;
}

export function sdkNames(): readonly SdkName[] {
  return [
    ...Object.entries(transformationParameters).flatMap(([key, { sdk }]) => toNames(key, sdk, false)),
    ...Object.entries(layerParameters).flatMap(([key, { sdk }]) => toNames(key, sdk, true)),
  ];
}

function toNames(key: string, names: readonly string[], overlay: boolean): readonly SdkName[] {
  return names.map((name) => ({ name, key, overlay }));
}
