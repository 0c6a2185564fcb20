import { type Frames, frameImage } from "../pixels/frames.ts";
import type { Region } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";

/**
 * Finds the region that is left when edges that look like the top left pixel are cut off. A picture of one colour
 * stays whole. In an animation the first frame decides for all frames.
 * @param threshold how far a colour may be from that pixel's, 0 to 255
 */
export async function findTrim(frames: Frames, threshold: number, work: Work): Promise<Region> {
  if (Math.min(frames.width, frames.height) < minSide)
    return { left: 0, top: 0, width: frames.width, height: frames.height };
  const { info } = await work
    .bound(frameImage(frames, 0))
    .trim({ threshold })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, trimOffsetLeft = 0, trimOffsetTop = 0 } = info;
  return { left: -trimOffsetLeft, top: -trimOffsetTop, width, height };
}

/** The trim ignores noise by looking at windows of three by three pixels. */
const minSide = 3;
