import type { DeliverableRow } from "../../../../database/repositories/deliverables.ts";
import type { AskedPicture } from "../../../../media/image/asked-picture.ts";
import { type AiRequest, varyingEffect } from "../../../../media/image/plan/ai-effects.ts";
import { renditionKey } from "../../kept/rendition-key.ts";

/**
 * The key of the picture that a model makes of this one. It goes by the pixels: URLs that differ in what follows, or in
 * the format that the client takes, share the model's work.
 * @param variation the part of the URL that asks for another variation
 */
export function aiKey(
  version: Pick<DeliverableRow, "account_id" | "id" | "purges">,
  { effect, prompt }: AiRequest,
  { width, height, channels, digest }: Omit<AskedPicture, "png">,
  variation: string | undefined,
): string {
  const pixels = [width, height, channels, digest];
  const varies = effect === varyingEffect ? (variation ?? null) : null;
  return renditionKey(version, ["ai", effect, prompt ?? null, pixels, varies]);
}
