import type { Sharp } from "sharp";
import type { Colour } from "./colour.ts";

/** Adds an alpha channel to the image if the colour that will be added to it needs one. */
export function withAlphaFor(image: Sharp, { alpha }: Colour): Sharp {
  return alpha < 1 ? image.ensureAlpha() : image;
}
