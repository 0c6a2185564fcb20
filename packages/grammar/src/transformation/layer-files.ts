import { everyStep } from "./every-step.ts";
import type { Layer, Step, Transformation } from "./transformation.ts";
import { isFontFile, type LibraryPath } from "./values/path.ts";

/** The files of the library that layers of a transformation need. */
export interface LayerFiles {
  /** The paths of the pictures that layers show. */
  readonly pictures: ReadonlySet<LibraryPath>;
  /** The paths of the videos that layers play. */
  readonly videos: ReadonlySet<LibraryPath>;
  /** The paths of the subtitles that layers show. */
  readonly subtitles: ReadonlySet<LibraryPath>;
  /** The paths of the fonts in which texts and subtitles are written. */
  readonly fonts: ReadonlySet<LibraryPath>;
}

/** Returns the files that layers of the transformation need, in layers and conditions too. */
export function layerFilesIn({ steps }: Transformation): LayerFiles {
  const layers = layersOf(steps);
  const paths = (kind: "image" | "video" | "subtitles") =>
    new Set(layers.flatMap((layer) => (layer.kind === kind ? [layer.path] : [])));
  return {
    pictures: paths("image"),
    videos: paths("video"),
    subtitles: paths("subtitles"),
    fonts: new Set(layers.flatMap(fontsOf)),
  };
}

/** The layers of steps, each followed by those that it contains. */
function layersOf(steps: readonly Step[]): readonly Layer[] {
  return everyStep(steps).flatMap(({ layers }) => layers.flatMap((layer) => [layer, ...layersOf(layer.steps)]));
}

function fontsOf({ kind, steps }: Layer): readonly LibraryPath[] {
  if (kind !== "text" && kind !== "subtitles") return [];
  const named = steps.map((step) => (step.kind === "parameters" ? step.parameters.ff : undefined));
  // The last one counts.
  const font = named.findLast((name) => name !== undefined);
  return font !== undefined && isFontFile(font) ? [font] : [];
}
