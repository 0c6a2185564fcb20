import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { refuseMedia } from "../../refusals/media-refusal.ts";
import { type RequestedRendition, refusing, type Transformed } from "../../url/requested-rendition.ts";

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

/** Turns what is wrong with a video's transformation into refusals, which say what its author can mend. */
export function refusingVideo<Result>(work: () => Result): Result {
  try {
    return refusing(work);
  } catch (error) {
    return refuseMedia(error);
  }
}
