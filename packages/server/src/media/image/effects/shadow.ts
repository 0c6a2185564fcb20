import type { OverlayOptions } from "sharp";
import { MediaError } from "../../media-error.ts";
import type { Frames } from "../pixels/frames.ts";
import type { PixelTools } from "../pixels/operations.ts";
import type { Work } from "../pixels/work.ts";
import { effect } from "./effect.ts";

export interface Shadow {
  /** A number from 0 to 15. */
  readonly blur: number;
  /** In percent, as are `x` and `y`. */
  readonly opacity: number;
  readonly x: number;
  readonly y: number;
}

/** A larger picture is refused (docs/protocol/transformations.md §6.3). */
const maxPixels = 2_000_000;

/** `e-shadow` lays a shadow under a transparent picture. What lies outside of the picture is cut off. */
export const shadow = effect({
  key: "e-shadow",
  name: "shadow",
  msPerMegapixel: 0,
  read: (asked): Shadow => asked,
  plan: (asked, { size: { width, height }, alpha }) => {
    if (width * height > maxPixels) {
      throw new MediaError("ETRANSFORMATION", `e-shadow takes ${maxPixels} pixels at most, not ${width} x ${height}`);
    }
    if (!alpha || asked.opacity === 0) return undefined;
    return {
      kind: "effect",
      apply: async (image, frame, work, tools) =>
        image.ensureAlpha().composite([{ ...(await drawShadow(frame, asked, work, tools)), blend: "dest-over" }]),
    };
  },
});

async function drawShadow(
  frame: Frames,
  { blur, opacity, x, y }: Shadow,
  work: Work,
  { sharp, frameImage }: PixelTools,
): Promise<OverlayOptions> {
  const { width, height } = frame;
  const shape = { raw: { width, height, channels: 1 as const } };
  const opaque = frameImage(frame).ensureAlpha().extractChannel(3);
  const soft = blur === 0 ? opaque : opaque.blur({ sigma: Math.max(minSigma, blur / 2) });
  const mask = await work.bound(soft).raw().toBuffer();
  const right = Math.round((width * x) / 100);
  const down = Math.round((height * y) / 100);
  const kept = { width: width - Math.abs(right), height: height - Math.abs(down) };
  const raw = { width, height, channels: 4 as const };
  if (kept.width < 1 || kept.height < 1) return { input: Buffer.alloc(width * height * 4), raw };
  const moved = sharp(mask, shape)
    .extract({ left: Math.max(0, -right), top: Math.max(0, -down), ...kept })
    .extend({
      left: Math.max(0, right),
      right: Math.max(0, -right),
      top: Math.max(0, down),
      bottom: Math.max(0, -down),
      background: "#000",
    })
    .linear(opacity / 100, 0)
    .toColourspace("b-w");
  const alpha = await work.bound(moved).raw().toBuffer();
  const black = sharp({ create: { width, height, channels: 3, background: "#000" } });
  return { input: await work.bound(black.joinChannel(alpha, shape)).raw().toBuffer(), raw };
}

/** The smallest sigma that sharp accepts. */
const minSigma = 0.3;
