import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { makesPicture } from "../renditions/pictures/makes-picture.ts";
import { makesSprite } from "../renditions/sprites/makes-sprite.ts";
import { makesVideo } from "../renditions/videos/makes-video.ts";
import type { RequestedRendition } from "../url/requested-rendition.ts";

/**
 * Refuses what can't be rendered: a playlist, a video of a file that doesn't move, a sprite of a file that isn't a video,
 * and a thumbnail of a file that is neither an image nor a video nor a PDF. Other transformations leave a file that isn't
 * an image as it is (docs/protocol/delivery.md §14).
 * @throws DeliveryRefusal VIDEO_TRANSFORMATION, NOT_FOUND
 */
export function refuseUnavailable(version: Pick<DeliverableRow, "kind" | "mime">, rendition: RequestedRendition): void {
  if (rendition.kind === "original" || rendition.kind === "plain") return;
  const { thumbnail, asVideo, sprite, playlist } = rendition;
  if (makesSprite(version, rendition)) return;
  if (playlist || (asVideo && !makesVideo(version, rendition) && !thumbnail && sprite === undefined))
    throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
  if (makesPicture(version, rendition)) return;
  if (thumbnail || sprite !== undefined) throw new DeliveryRefusal("NOT_FOUND");
}
