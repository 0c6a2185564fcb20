import type { CreateRaw } from "sharp";

/** A picture in the form in which sharp reads it: pixels, or a file of them with metadata. */
export interface SharpInput {
  readonly data: Buffer;
  readonly raw?: (CreateRaw & { pageHeight?: number }) | undefined;
}
