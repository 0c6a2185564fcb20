import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { RequestedRendition, Transformed } from "../../url/requested-rendition.ts";

/**
 * Whether the rendition is a video that is made of the file: any rendition of a video but its thumbnail and its
 * sprite, and the video of an animated GIF (docs/protocol/transformations.md §7).
 */
export function makesVideo(
  version: Pick<DeliverableRow, "kind" | "mime">,
  rendition: RequestedRendition,
): rendition is Extract<RequestedRendition, Transformed> {
  if (rendition.kind === "original" || rendition.kind === "plain") return false;
  if (rendition.thumbnail || rendition.sprite !== undefined) return false;
  return version.kind === "video" || (version.mime === "image/gif" && rendition.asVideo);
}
