import { parseTransformation, type Transformation } from "@sluice/grammar";
import type { NamedTransformation } from "./named-transformation.ts";

/** The named transformations that every account has and nobody can change (docs/protocol/delivery.md §8.1). */
const meanings = {
  ik_ml_thumbnail: "w-400,h-400,c-at_max,q-70",
  media_library_thumbnail: "w-100,h-100,c-at_max,fo-auto",
} as const satisfies Record<string, string>;

export const builtInTransformations: readonly NamedTransformation[] = Object.entries(meanings).map(
  ([name, transformation]) => ({ id: name, name, transformation, enabled: true, createdAt: 0 }),
);

const parsed: ReadonlyMap<string, Transformation> = new Map(
  builtInTransformations.map(({ name, transformation }) => [name, parseTransformation(transformation)]),
);

export function findBuiltIn(name: string): Transformation | undefined {
  return parsed.get(name);
}
