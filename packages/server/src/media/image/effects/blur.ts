import { effect } from "./effect.ts";

/** `bl`, from 1 to 100. */
export const blur = effect({
  key: "bl",
  name: "blur",
  msPerMegapixel: 50,
  read: (strength) => strength,
  plan: (strength) => ({
    kind: "effect",
    apply: (image) => image.blur({ sigma: Math.max(minSigma, strength / 2) }),
  }),
});

/** The smallest sigma that sharp accepts. */
const minSigma = 0.3;
