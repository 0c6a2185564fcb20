import { everyStep } from "./every-step.ts";
import type { Layer, Step, Transformation } from "./transformation.ts";
import type { LibraryPath } from "./values/path.ts";

/** Returns the paths of the files that layers of the transformation show, in layers and conditions too. */
export function layerFilesIn({ steps }: Transformation): ReadonlySet<LibraryPath> {
  return new Set(filesOf(steps));
}

function filesOf(steps: readonly Step[]): readonly LibraryPath[] {
  return everyStep(steps).flatMap(({ layers }) => layers.flatMap(filesOfLayer));
}

function filesOfLayer(layer: Layer): readonly LibraryPath[] {
  return [...(layer.kind === "image" ? [layer.path] : []), ...filesOf(layer.steps)];
}
