import { type Size, wholePixels } from "../pixels/geometry.ts";
import { type ClientHints, type SizeParameters, targetSize } from "./target-size.ts";

/** The side of a block of colour whose URL doesn't say it (docs/protocol/transformations.md §6.2). */
const standardSide = 100;

/** The size of a block of colour. A fraction is one of the parent's side, since a block has no size of its own. */
export function blockSize({ width, height }: SizeParameters, parent: Size, hints: ClientHints): Size {
  const sides = { width: width ?? standardSide, height: height ?? standardSide };
  const target = targetSize(parent, sides, hints);
  if (target.kind === "box") return target.box;
  // A width that follows a hint which the client doesn't send.
  return { width: standardSide, height: wholePixels(parent.height * (target.kind === "side" ? target.factor : 1)) };
}
