import { effect } from "./effect.ts";

/** `e-grayscale` */
export const grayscale = effect({
  key: "e-grayscale",
  name: "grayscale",
  msPerMegapixel: 80,
  read: (on) => on,
  // This gives the same greys as sharp's `grayscale`, which would drop the transparency on the way to memory.
  plan: () => ({ kind: "effect", wholeAtOnce: true, apply: (image) => image.modulate({ saturation: 0 }) }),
});
