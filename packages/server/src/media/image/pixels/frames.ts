import sharp, { type Sharp } from "sharp";
import type { Size } from "./geometry.ts";

/** Pixels in memory: upright, 8 bits, red, green, blue and, with four channels, alpha; frame after frame. */
export interface Frames extends Size {
  readonly data: Buffer;
  readonly channels: 3 | 4;
  readonly count: number;
}

/** At most, of one frame. */
export const frameBytesPerPixel = 4;

/** One frame, or all as one tall image, for an operation that looks at each pixel alone. */
export function frameImage({ data, width, height, channels, count }: Frames, index?: number): Sharp {
  const length = width * height * channels;
  return index === undefined
    ? sharp(data, { raw: { width, height: height * count, channels } })
    : sharp(data.subarray(index * length, (index + 1) * length), { raw: { width, height, channels } });
}

/**
 * Runs a pipeline into memory.
 * @param count frames that stand in it one below the other
 */
export async function toFrames(image: Sharp, count: number): Promise<Frames> {
  const { data, info } = await image.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const { width, channels } = info;
  if (channels !== 3 && channels !== 4) throw new Error(`Pixels of ${channels} channels in sRGB`);
  // Of several frames, `info.height` isn't to be trusted after an extension.
  return { data, width, height: data.length / (width * channels * count), channels, count };
}

/** Frames that were worked on one by one. They are alike, except that some may have got an alpha channel. */
export function joinFrames(frames: readonly [Frames, ...Frames[]]): Frames {
  const [first] = frames;
  return { ...first, data: Buffer.concat(frames.map(({ data }) => data)), count: frames.length };
}

export function splitFrames(frames: Frames): [Frames, ...Frames[]] {
  const length = frames.width * frames.height * frames.channels;
  const frame = (index: number): Frames => ({
    ...frames,
    data: frames.data.subarray(index * length, (index + 1) * length),
    count: 1,
  });
  return [frame(0), ...Array.from({ length: frames.count - 1 }, (_, index) => frame(index + 1))];
}
