import type { Sharp } from "sharp";
import type { Colour } from "./colour.ts";

/** The image with an alpha channel, where the colour that is added to it needs one. */
export function withAlphaFor(image: Sharp, { alpha }: Colour): Sharp {
  return alpha < 1 ? image.ensureAlpha() : image;
}
