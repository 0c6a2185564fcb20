import { type Party, serverParty } from "../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { Derived } from "./derived.ts";
import type { DerivedCache } from "./derived-cache.ts";
import type { Recipe } from "./recipe.ts";

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
  { key, transformation, context }: Recipe,
  signal: AbortSignal,
  party: Party = serverParty,
): Promise<Derived> {
  const source = { size, pages, open: (opened: AbortSignal) => blobs.read(storage_key, undefined, opened) };
  const render = (alone: AbortSignal) => images.render({ source, transformation, context, key, signal: alone, party });
  return derived.get(key, render, signal);
}
