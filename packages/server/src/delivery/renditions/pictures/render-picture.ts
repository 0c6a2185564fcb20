import { type Party, serverParty } from "../../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { type FindAiPicture, nobodyToAsk } from "../../../media/image/asked-picture.ts";
import type { ImageEngine } from "../../../media/image/image-engine.ts";
import type { ImageSource } from "../../../media/image/image-source.ts";
import { WorkClock } from "../../../media/image/pixels/work-clock.ts";

import type { BlobStore } from "../../../storage/blob-store.ts";
import type { KeptRendition } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { type DetectionNeeds, findThings, type Subject } from "./detections/kept-detections.ts";
import type { DrawnLayer, Recipe } from "./recipe.ts";

export interface RenderNeeds extends Pick<DetectionNeeds, "database"> {
  readonly blobs: Pick<BlobStore, "read" | "readWhole" | "localPath">;
  readonly images: Pick<ImageEngine, "render" | "detect">;
  readonly derived: Pick<RenditionCache, "get">;
}

/**
 * Renders a version by a recipe, or takes the image from the cache. A new image is kept in the cache. Nothing is
 * checked here about who may see the image.
 * @param findAiPicture finds what models have made, where the recipe has some of their work. Requests share the rendering, so it
 * goes by the rendering's signal.
 * @throws MediaError, and the store's errors; the signal's reason; what `findAiPicture` throws
 */
export function renderPicture(
  needs: RenderNeeds,
  version: Pick<DeliverableRow, "blob_id" | "storage_key" | "size" | "pages">,
  { key, transformation, layers, context }: Recipe,
  signal: AbortSignal,
  party: Party = serverParty,
  findAiPicture: (signal: AbortSignal) => FindAiPicture = () => nobodyToAsk,
): Promise<KeptRendition> {
  const { blobs, images, derived } = needs;
  const source = sourceOf(blobs, version);
  const subject = {
    picture: { source, content: version.blob_id },
    layers: layerSources(blobs, layers),
    transformation,
  };
  const render = async (alone: AbortSignal) => {
    const clock = new WorkClock();
    const { things, layers: files } = await findThings(needs, subject, alone, { party, clock });
    const asked = { source, layers: files, transformation, context: { ...context, things } };
    return images.render({
      ...asked,
      findAiPicture: findAiPicture(alone),
      key,
      file: version.blob_id,
      clock,
      party,
      signal: alone,
    });
  };
  return derived.get(key, render, signal);
}

/** The files that layers draw, by their paths. */
export function layerSources(blobs: RenderNeeds["blobs"], layers: readonly DrawnLayer[]): Subject["layers"] {
  return new Map(
    layers.map(({ path, version, area }) => [
      path,
      { source: sourceOf(blobs, version), content: version.blob_id, area },
    ]),
  );
}

function sourceOf(
  blobs: RenderNeeds["blobs"],
  { storage_key, size, pages }: Pick<DeliverableRow, "storage_key" | "size" | "pages">,
): ImageSource {
  const readWhole = blobs.readWhole?.bind(blobs);
  return {
    size,
    pages,
    path: blobs.localPath?.(storage_key),
    open: (opened) => blobs.read(storage_key, undefined, opened),
    ...(readWhole !== undefined && { readWhole: (opened) => readWhole(storage_key, size, opened) }),
  };
}
