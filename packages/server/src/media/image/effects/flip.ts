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
