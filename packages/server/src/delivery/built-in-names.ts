import { parseTransformation, type Transformation } from "@sluice/grammar";

/** The named transformations that every account has (spec/delivery.md §8.1). */
const builtIn: ReadonlyMap<string, Transformation> = new Map(
  Object.entries({
    ik_ml_thumbnail: "w-400,h-400,c-at_max,q-70",
    media_library_thumbnail: "w-100,h-100,c-at_max,fo-auto",
  }).map(([name, text]) => [name, parseTransformation(text)]),
);

export function findBuiltIn(name: string): Transformation | undefined {
  return builtIn.get(name);
}
