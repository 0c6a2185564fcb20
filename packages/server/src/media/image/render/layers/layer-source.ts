import { MediaError } from "../../../media-error.ts";
import type { Region } from "../../pixels/geometry.ts";
import type { Work } from "../../pixels/work.ts";
import { chosenPageKey } from "../../plan/chosen-page.ts";
import type { FoundThings } from "../../plan/found-things.ts";
import { layerFileKey, layerFilesOf, missingLayer, sayWhichLayer } from "../../plan/layer-steps.ts";
import type { LayerFacts } from "../../plan/plan-steps.ts";
import type { AskedStep } from "../../plan/step-parameters.ts";
import { type ReadSource, readSource, type SourceLimits } from "../read-source.ts";

/** The bytes of a file that layers need: the picture that they show, or the font of their texts. */
export interface LayerBytes {
  readonly bytes: Buffer;
  readonly pages?: number | null | undefined;
  /** The area of interest that is stored with the file. */
  readonly area: Region | undefined;
  /** The things that were found in the file, by `chosenPageKey`. */
  readonly things?: ReadonlyMap<string, FoundThings> | undefined;
}

/** A file that a layer shows, after its header has been read. */
export interface LayerSource extends LayerFacts {
  readonly bytes: Buffer;
  readonly source: ReadSource;
}

/**
 * Reads the headers of all files that layers of the steps show, before anything is decoded.
 * @param files the files by their paths
 * @returns the files by `layerFileKey`
 * @throws MediaError ELAYER, ELIMIT; for a document the other errors of `readSource`
 */
export async function readLayers(
  steps: readonly AskedStep[],
  files: ReadonlyMap<string, LayerBytes>,
  limits: SourceLimits,
  work: Work,
): Promise<ReadonlyMap<string, LayerSource>> {
  const layers = new Map<string, LayerSource>();
  for (const shown of layerFilesOf(steps)) {
    const { path, page, layers: selected } = shown;
    const file = files.get(path);
    if (file === undefined) throw new MediaError("ELAYER", missingLayer(path));
    const { bytes, pages, area, things } = file;
    const source = await readSource(bytes, limits, work, { page, layers: selected, pages }).catch((error: unknown) =>
      sayWhichLayer(error, path),
    );
    const found = things?.get(chosenPageKey(shown));
    layers.set(layerFileKey(shown), { bytes: source.bytes, area, things: found, source, facts: source.facts });
  }
  return layers;
}
