import sharp from "sharp";
import { type Frames, frameImage } from "../pixels/frames.ts";
import { keptAround, type Region, type Size } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";

/**
 * Finds the part of a picture around the spot that draws the eye (`fo-auto`). libvips finds the spot by weighing
 * edges, saturation and skin tones. In an animation the first frame decides for all frames, or the picture would
 * jump.
 */
export async function findSalient(frames: Frames, part: Size, work: Work): Promise<Region> {
  // libvips looks for the spot while it cuts. Unless the cut is along one side alone, sharp scales the picture.
  const { width, height } = frames;
  const strip = part.width < width ? { width: part.width, height } : { width, height: part.height };
  const image = work.bound(frameImage(frames, 0));
  const { info } = await image
    .resize({ ...strip, fit: "cover", position: sharp.strategy.attention })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return keptAround(frames, part, { x: info.attentionX ?? width / 2, y: info.attentionY ?? height / 2 });
}
