import { type Party, serverParty } from "../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { ImageEngine, LayerFileSource } from "../../media/image/image-engine.ts";
import type { ImageSource } from "../../media/image/image-source.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { Derived } from "./derived.ts";
import type { DerivedCache } from "./derived-cache.ts";
import type { DrawnLayer, Recipe } from "./recipe.ts";

export interface RenderNeeds {
  readonly blobs: Pick<BlobStore, "read">;
  readonly images: Pick<ImageEngine, "render">;
  readonly derived: Pick<DerivedCache, "get">;
}

/**
 * Renders a version by a recipe, or takes the image from the cache. A new image is kept in the cache. Nothing is
 * checked here about who may see the image.
 * @throws MediaError, and the store's errors; the signal's reason
 */
export function renderDerived(
  { blobs, images, derived }: RenderNeeds,
  { storage_key, size, pages }: Pick<DeliverableRow, "storage_key" | "size" | "pages">,
  { key, transformation, layers, context }: Recipe,
  signal: AbortSignal,
  party: Party = serverParty,
): Promise<Derived> {
  const source = sourceOf(blobs, { storage_key, size, pages });
  const asked = { source, layers: layerSources(blobs, layers), transformation, context, key, party };
  const render = (alone: AbortSignal) => images.render({ ...asked, signal: alone });
  return derived.get(key, render, signal);
}

/** The files that layers draw, by their paths. */
export function layerSources(
  blobs: RenderNeeds["blobs"],
  layers: readonly DrawnLayer[],
): ReadonlyMap<string, LayerFileSource> {
  return new Map(layers.map(({ path, version, area }) => [path, { source: sourceOf(blobs, version), area }]));
}

function sourceOf(
  blobs: RenderNeeds["blobs"],
  { storage_key, size, pages }: Pick<DeliverableRow, "storage_key" | "size" | "pages">,
): ImageSource {
  return { size, pages, open: (opened) => blobs.read(storage_key, undefined, opened) };
}
