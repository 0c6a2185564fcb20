import type { PictureEncoder } from "../command/command.ts";
import { numbers } from "../libav/libav.ts";
import { isKnown, nearest } from "./frame-rate.ts";
import type { StreamKind } from "./written-stream.ts";

/** Pictures, at most as many in a second as the frame rate says. */
export function pictures({ name, options, quality, frames = Number.POSITIVE_INFINITY }: PictureEncoder): StreamKind {
  let last: bigint | undefined;
  let count = 0;
  const lambda = quality === undefined ? undefined : Math.round(quality * numbers.lambdaOfQuality);
  return {
    isPicture: true,
    encoder: name,
    open(encoder, frame, { frameRate, timeBase }) {
      const { context } = encoder;
      context.width = frame.width;
      context.height = frame.height;
      context.pixelFormat = frame.format;
      context.sampleAspectRatio = frame.sampleAspectRatio;
      context.colorRange = frame.colorRange;
      context.colorSpace = frame.colorSpace;
      context.colorPrimaries = frame.colorPrimaries;
      context.colorTrc = frame.colorTrc;
      if (isKnown(frameRate)) context.framerate = frameRate;
      context.timeBase = isKnown(frameRate) ? { num: frameRate.den, den: frameRate.num } : timeBase;
      if (lambda !== undefined) {
        context.flags |= numbers.fixedQuality;
        context.globalQuality = lambda;
      }
      encoder.open(options);
    },
    prepare(frame, { timeBase }, { context }) {
      frame.pts = nearest(frame.pts, timeBase, context.timeBase);
      // Two pictures of one time are one.
      if (last !== undefined && frame.pts <= last) return false;
      last = frame.pts;
      count += 1;
      frame.duration = 1n;
      // The encoder decides by itself which pictures are keys.
      frame.pictType = 0;
      if (lambda !== undefined) frame.quality = lambda;
      return true;
    },
    isFull: () => count >= frames,
  };
}
