import { parentVariables, sizeVariables, type Variable } from "./expression.ts";
import type { LayerKind } from "./parameters/parameter-record.ts";
import type { Scope } from "./shape.ts";

/** The layer that contains the steps; undefined for the file itself. */
export type Level = LayerKind | undefined;

const ofTheFile: Scope = { sizes: new Set<Variable>(sizeVariables) };
const ofTheParent: Scope = { sizes: new Set<Variable>(parentVariables) };
const ofBoth: Scope = { sizes: new Set<Variable>([...sizeVariables, ...parentVariables]) };

/** Text and blocks have no size before they are drawn (docs/protocol/transformations.md §3). */
const scopes = {
  image: ofBoth,
  video: ofBoth,
  canvas: ofTheParent,
  text: ofTheParent,
  subtitles: ofTheParent,
} as const satisfies Record<LayerKind, Scope>;

export function scopeOf(level: Level): Scope {
  return level === undefined ? ofTheFile : scopes[level];
}

/** Every kind of layer has its size by the time it is placed, because a layer is placed when it is drawn. */
export const placementScope: Scope = ofBoth;
