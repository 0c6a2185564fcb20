import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { askedFormats } from "../../../media/image/plan/asked-steps.ts";
import { isRaster } from "../../../media/image/plan/choose-output.ts";
import type { ImageTransformation } from "../../../media/image/plan/plan.ts";

/** The MIME type of SVG drawings. */
export const vector = "image/svg+xml";

/**
 * An SVG drawing stays a drawing unless a raster format is asked for, be it behind a condition
 * (docs/protocol/delivery.md §9.3, rule 6).
 */
export function staysDrawing(version: Pick<DeliverableRow, "mime">, { steps, output }: ImageTransformation): boolean {
  return version.mime === vector && !askedFormats(steps, output).some(isRaster);
}
