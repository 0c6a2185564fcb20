import type { OverlayOptions } from "sharp";
import { effect } from "./effect.ts";

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
