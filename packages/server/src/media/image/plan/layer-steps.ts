import { excerpt } from "@sluice/grammar";
import { MediaError } from "../../media-error.ts";
import type { AiRequest } from "./ai-effects.ts";
import { knownSteps } from "./asked-steps.ts";
import { chosenPageKey } from "./chosen-page.ts";
import type { AskedStep, LayerFile, LayerParameters, StepParameters } from "./step-parameters.ts";

/** The layers that the steps may come to draw, each followed by those that it contains. */
export function layersIn(steps: readonly AskedStep[]): readonly LayerParameters[] {
  return knownSteps(steps).flatMap(({ layers = [] }) => layers.flatMap((layer) => [layer, ...layersIn(layer.steps)]));
}

/** The steps with those of all their layers. */
export function withLayerSteps(steps: readonly AskedStep[]): readonly StepParameters[] {
  return [...knownSteps(steps), ...layersIn(steps).flatMap((layer) => knownSteps(layer.steps))];
}

/** The questions that a transformation may come to ask models. */
export function aiRequestsOf(steps: readonly AskedStep[]): readonly AiRequest[] {
  return withLayerSteps(steps).flatMap(({ ai }) => ai ?? []);
}

/** Whether a transformation may come to ask a model for a picture. */
export function asksModels(steps: readonly AskedStep[]): boolean {
  return aiRequestsOf(steps).length > 0;
}

/** The files that layers of the steps show, once for each page or choice of layers of them. */
export function layerFilesOf(steps: readonly AskedStep[]): readonly LayerFile[] {
  const files = layersIn(steps).flatMap(({ content }) => (content.kind === "file" ? [content] : []));
  return [...new Map(files.map((file) => [layerFileKey(file), file])).values()];
}

/** The paths of the fonts of the library in which layers of the steps are written. */
export function layerFontsOf(steps: readonly AskedStep[]): readonly string[] {
  return layersIn(steps).flatMap(({ content }) =>
    content.kind === "text" && content.font.kind === "file" ? [content.font.path] : [],
  );
}

/** Tells files and their pages apart. */
export function layerFileKey(file: LayerFile): string {
  return `${chosenPageKey(file)} ${file.path}`;
}

export function missingLayer(path: string): string {
  return `overlay ${excerpt(path)} not found`;
}

export function undecodableLayer(path: string): string {
  return `overlay ${excerpt(path)} cannot be decoded`;
}

/** Says of a layer's file that it can't be decoded. Other errors are rethrown. */
export function sayWhichLayer(error: unknown, path: string): never {
  if (!(error instanceof MediaError) || error.code !== "EINVALID") throw error;
  throw new MediaError("ELAYER", undecodableLayer(path), { cause: error });
}
