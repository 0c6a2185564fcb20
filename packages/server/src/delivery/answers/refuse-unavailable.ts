import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { Rendition } from "../url/rendition.ts";

/**
 * What is made of no file of that type: videos, and thumbnails of what isn't an image. Any other transformation has no
 * meaning for a file that isn't an image, and leaves it as it is (docs/protocol/delivery.md §14).
 * @throws DeliveryRefusal VIDEO_TRANSFORMATION, NOT_FOUND
 */
export function refuseUnavailable(
  { file_type: fileType, mime }: Pick<DeliverableRow, "file_type" | "mime">,
  rendition: Rendition,
): void {
  if (rendition.kind === "original" || rendition.kind === "plain") return;
  const { kind, thumbnail, asVideo } = rendition;
  const video = fileType !== "image" && mime.startsWith("video/");
  const other = fileType !== "image" && !video;
  if (thumbnail && (other || (video && kind === "named"))) throw new DeliveryRefusal("NOT_FOUND");
  if (video || asVideo) throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
}
