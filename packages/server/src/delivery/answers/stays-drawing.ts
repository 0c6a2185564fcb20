import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { ImageTransformation } from "../../media/image/plan/plan.ts";

/** The MIME type of SVG drawings. */
export const vector = "image/svg+xml";

/** An SVG drawing stays a drawing unless a raster format is asked for (docs/protocol/delivery.md §9.3, rule 6). */
export function staysDrawing(version: Pick<DeliverableRow, "mime">, { output }: ImageTransformation): boolean {
  return version.mime === vector && (output.format === undefined || formatsOfDrawings.has(output.format));
}

const formatsOfDrawings: ReadonlySet<string> = new Set(["auto", "orig", "svg", "gif"]);
