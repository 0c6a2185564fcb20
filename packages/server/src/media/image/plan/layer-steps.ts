import type { LayerFile, LayerParameters, StepParameters } from "./step-parameters.ts";

/** The layers of the steps, each followed by those that it contains. */
export function layersIn(steps: readonly StepParameters[]): readonly LayerParameters[] {
  return steps.flatMap(({ layers = [] }) => layers.flatMap((layer) => [layer, ...layersIn(layer.steps)]));
}

/** The steps with those of all their layers. */
export function withLayerSteps(steps: readonly StepParameters[]): readonly StepParameters[] {
  return [...steps, ...layersIn(steps).flatMap((layer) => layer.steps)];
}

/** The files that layers of the steps show, once for each page of them. */
export function layerFilesOf(steps: readonly StepParameters[]): readonly LayerFile[] {
  const files = layersIn(steps).flatMap(({ content }) => (content.kind === "file" ? [content] : []));
  return [...new Map(files.map(({ path, page }) => [layerFileKey({ path, page }), { path, page }])).values()];
}

/** Tells files and their pages apart. */
export function layerFileKey({ path, page }: LayerFile): string {
  return `${page ?? ""} ${path}`;
}
