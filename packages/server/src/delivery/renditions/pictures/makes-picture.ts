import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { hasThumbnail } from "../../../library/files/file-type.ts";
import { askedFormats } from "../../../media/image/plan/asked-steps.ts";
import { isRaster } from "../../../media/image/plan/choose-output.ts";
import type { ImageTransformation } from "../../../media/image/plan/plan.ts";
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

/** The MIME type of SVG drawings. */
export const vector = "image/svg+xml";

/**
 * An SVG drawing stays a drawing unless a raster format is asked for, be it behind a condition
 * (docs/protocol/delivery.md §9.3, rule 6).
 */
export function staysDrawing(version: Pick<DeliverableRow, "mime">, { steps, output }: ImageTransformation): boolean {
  return version.mime === vector && !askedFormats(steps, output).some(isRaster);
}
