import type { Layer, Step, Transformation } from "./transformation.ts";
import type { LibraryPath } from "./values/path.ts";

/** Returns the paths of the files that layers of the transformation show, in layers and conditions too. */
export function layerFilesIn({ steps }: Transformation): ReadonlySet<LibraryPath> {
  return new Set(steps.flatMap(filesOf));
}

function filesOf(step: Step): readonly LibraryPath[] {
  if (step.kind === "conditional") return [...step.whenTrue, ...(step.whenFalse ?? [])].flatMap(filesOf);
  return step.layers.flatMap(filesOfLayer);
}

function filesOfLayer(layer: Layer): readonly LibraryPath[] {
  return [...(layer.kind === "image" ? [layer.path] : []), ...layer.steps.flatMap(filesOf)];
}
