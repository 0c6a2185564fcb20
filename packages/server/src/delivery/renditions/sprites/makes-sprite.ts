import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { RequestedRendition, Transformed } from "../../url/requested-rendition.ts";

/** Whether the rendition is a sprite that is made of the file, or the text with the places in it. Only videos have one. */
export function makesSprite(
  version: Pick<DeliverableRow, "kind">,
  rendition: RequestedRendition,
): rendition is Extract<RequestedRendition, Transformed> {
  return rendition.kind !== "original" && rendition.sprite !== undefined && version.kind === "video";
}
