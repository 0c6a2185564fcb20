import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { makesPicture } from "../renditions/pictures/makes-picture.ts";
import type { RequestedRendition } from "../url/requested-rendition.ts";

/**
 * Refuses what can't be rendered: any rendition of a video but its thumbnail, a video or a playlist of any file, and a
 * thumbnail of a file that is neither an image nor a video nor a PDF. Other transformations leave a file that isn't an image as it is
 * (docs/protocol/delivery.md §14).
 * @throws DeliveryRefusal VIDEO_TRANSFORMATION, NOT_FOUND
 */
export function refuseUnavailable(version: Pick<DeliverableRow, "kind">, rendition: RequestedRendition): void {
  if (rendition.kind === "original" || rendition.kind === "plain") return;
  const { thumbnail, asVideo } = rendition;
  if (asVideo) throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
  if (makesPicture(version, rendition)) return;
  if (thumbnail) throw new DeliveryRefusal("NOT_FOUND");
  if (version.kind === "video") throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
}
