import { transparent } from "../pixels/colour.ts";
import type { Size } from "../pixels/geometry.ts";
import { withAlphaFor } from "../pixels/with-alpha.ts";
import { effect } from "./effect.ts";

/** `fl` */
export const flip = effect({
  key: "fl",
  name: "flip",
  msPerMegapixel: 0,
  read: (sides) => ({ horizontal: sides[0] === "h", vertical: sides.at(-1) === "v" }),
  plan: ({ horizontal, vertical }) => ({
    kind: "effect",
    movesPixels: true,
    apply: (image) => image.flop(horizontal).flip(vertical),
  }),
});

/**
 * `rt`, in degrees clockwise. The canvas grows unless the angle is a multiple of 90. `rt-auto` concerns the source:
 * it is applied before the first step (plan/plan.ts).
 */
export const rotation = effect({
  key: "rt",
  name: "rotation",
  msPerMegapixel: 100,
  read: (angle) => (angle === "auto" ? undefined : angle),
  plan: (angle, { size, fill: background = transparent }) => {
    const degrees = ((angle % 360) + 360) % 360;
    if (degrees === 0) return undefined;
    const isRight = degrees % 90 === 0;
    return {
      kind: "effect",
      size: turnedSize(size, degrees),
      addsAlpha: !isRight && background.alpha < 1,
      apply: (image) =>
        isRight ? image.rotate(degrees) : withAlphaFor(image, background).rotate(degrees, { background }),
    };
  },
});

/** The canvas as libvips sizes it: the box around the turned corners. */
export function turnedSize({ width, height }: Size, degrees: number): Size {
  const angle = (degrees / 180) * Math.PI;
  const [sine, cosine] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))];
  return {
    width: Math.round(width * cosine + height * sine),
    height: Math.round(height * cosine + width * sine),
  };
}
