import type { OverlayOptions } from "sharp";
import { readColour } from "../pixels/colour.ts";
import { effect } from "./effect.ts";

/** `e-colorize` mixes a colour into every pixel and leaves its opacity as it is. */
export const colorize = effect({
  key: "e-colorize",
  name: "colorize",
  msPerMegapixel: 80,
  read: ({ color, intensity }) => {
    const { alpha, ...colour } = readColour(color);
    return { colour, share: (alpha * intensity) / 100 };
  },
  plan: ({ colour: { r, g, b }, share }) => {
    if (share === 0) return undefined;
    const rest = 1 - share;
    // Numbers are cut off, and not rounded, when they become pixels again.
    const added = [r, g, b].map((value) => value * share + 0.5);
    return { kind: "effect", wholeAtOnce: true, apply: (image) => image.linear([rest, rest, rest], added) };
  },
});

/** `e-contrast` */
export const contrast = effect({
  key: "e-contrast",
  name: "contrast",
  msPerMegapixel: 95,
  read: (on) => on,
  plan: () => ({ kind: "effect", wholeAtOnce: true, apply: (image) => image.normalise({ lower: 1, upper: 99 }) }),
});

/** `e-grayscale` */
export const grayscale = effect({
  key: "e-grayscale",
  name: "grayscale",
  msPerMegapixel: 80,
  read: (on) => on,
  // This gives the same greys as sharp's `grayscale`, which would drop the transparency on the way to memory.
  plan: () => ({ kind: "effect", wholeAtOnce: true, apply: (image) => image.modulate({ saturation: 0 }) }),
});

/** `o`, in percent. It is multiplied with the opacity that each pixel already has. */
export const opacity = effect({
  key: "o",
  name: "opacity",
  msPerMegapixel: 0,
  read: (percent) => percent,
  plan: (percent) =>
    percent === 100
      ? undefined
      : {
          kind: "effect",
          addsAlpha: true,
          onOpaqueBackground: true,
          wholeAtOnce: true,
          apply: (image) => image.ensureAlpha().composite([{ ...veil(percent / 100), blend: "dest-in" }]),
        },
});

/** A mask of one pixel, which is repeated over the whole image. */
function veil(alpha: number): OverlayOptions {
  const input = Buffer.from([0, 0, 0, Math.round(alpha * 255)]);
  return { input, raw: { width: 1, height: 1, channels: 4 }, tile: true };
}
