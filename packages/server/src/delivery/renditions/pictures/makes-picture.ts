import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { hasThumbnail } from "../../../library/files/has-thumbnail.ts";
import type { RequestedRendition, Transformed } from "../../url/requested-rendition.ts";

/**
 * Whether the rendition is a picture that is made of the file: any rendition of an image, and the thumbnail of another
 * file that has one. Other transformations leave a PDF as it is (docs/protocol/delivery.md §1.4, §8.1, §14).
 */
export function makesPicture(
  version: Pick<DeliverableRow, "kind">,
  rendition: RequestedRendition,
): rendition is Extract<RequestedRendition, Transformed> {
  if (rendition.kind === "original" || rendition.sprite !== undefined) return false;
  if (rendition.asVideo && !rendition.thumbnail) return false;
  return version.kind === "picture" || (rendition.thumbnail && hasThumbnail(version));
}
