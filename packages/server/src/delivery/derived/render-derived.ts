import type { Services } from "../../app/services.ts";
import { type Party, serverParty } from "../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { Derived } from "./derived.ts";
import type { Recipe } from "./recipe.ts";

export type DerivedServices = {
  readonly blobs: Pick<Services["blobs"], "read">;
  readonly images: Pick<Services["images"], "render">;
  readonly derived: Pick<Services["derived"], "get">;
};

/**
 * What the recipe makes of the version: from the cache, or made now and kept there. Says nothing about who may see it.
 * @throws MediaError, and the store's errors; the signal's reason
 */
export function renderDerived(
  { blobs, images, derived }: DerivedServices,
  { storage_key, size, pages }: Pick<DeliverableRow, "storage_key" | "size" | "pages">,
  { key, transformation, context }: Recipe,
  signal: AbortSignal,
  party: Party = serverParty,
): Promise<Derived> {
  const source = { size, pages, open: (opened: AbortSignal) => blobs.read(storage_key, undefined, opened) };
  const render = (alone: AbortSignal) => images.render({ source, transformation, context, key, signal: alone, party });
  return derived.get(key, render, signal);
}
