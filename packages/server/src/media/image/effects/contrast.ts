import { effect } from "./effect.ts";

/** `e-contrast` */
export const contrast = effect({
  key: "e-contrast",
  name: "contrast",
  msPerMegapixel: 95,
  read: (on) => on,
  plan: () => ({ kind: "effect", wholeAtOnce: true, apply: (image) => image.normalise({ lower: 1, upper: 99 }) }),
});
