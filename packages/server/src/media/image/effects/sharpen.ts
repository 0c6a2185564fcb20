import { effect } from "./effect.ts";

/** `e-sharpen`, from 1 to 99. */
export const sharpen = effect({
  key: "e-sharpen",
  name: "sharpen",
  msPerMegapixel: 110,
  read: (strength) => strength,
  plan: (strength) => ({ kind: "effect", apply: (image) => image.sharpen({ sigma: 0.5 + strength / 50 }) }),
});
