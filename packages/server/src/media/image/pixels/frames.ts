import sharp, { type Sharp } from "sharp";
import type { Size } from "./geometry.ts";

/**
 * Pixels in memory, upright and with 8 bits a channel: red, green, blue and, with four channels, alpha. The frames
 * stand one after the other.
 */
export interface Frames extends Size {
  readonly data: Buffer;
  readonly channels: 3 | 4;
  readonly count: number;
}

/** The most bytes that one pixel of one frame takes. */
export const frameBytesPerPixel = 4;

/** One frame, or all frames as one tall image for an operation that looks at each pixel alone. */
export function frameImage({ data, width, height, channels, count }: Frames, index?: number): Sharp {
  const length = width * height * channels;
  return index === undefined
    ? sharp(data, { raw: { width, height: height * count, channels } })
    : sharp(data.subarray(index * length, (index + 1) * length), { raw: { width, height, channels } });
}

/**
 * Runs a pipeline and puts its pixels into memory.
 * @param count how many frames the pipeline's image holds, one below the other
 */
export async function toFrames(image: Sharp, count: number): Promise<Frames> {
  const { data, info } = await image.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const { width, channels } = info;
  if (channels !== 3 && channels !== 4) throw new Error(`Pixels of ${channels} channels in sRGB`);
  // With several frames, `info.height` can't be trusted after an extension.
  return { data, width, height: data.length / (width * channels * count), channels, count };
}

/** Joins frames that were processed one by one. They are alike, except that some may have got an alpha channel. */
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
