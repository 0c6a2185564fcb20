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

/** `e-sharpen`, from 1 to 99. */
export const sharpen = effect({
  key: "e-sharpen",
  name: "sharpen",
  msPerMegapixel: 110,
  read: (strength) => strength,
  plan: (strength) => ({ kind: "effect", apply: (image) => image.sharpen({ sigma: 0.5 + strength / 50 }) }),
});

/**
 * `e-usm` sharpens lightness alone, so that edges get no coloured fringes. The parameter's radius isn't used: it only
 * says where a mask of this sigma is cut off.
 */
export const unsharpMask = effect({
  key: "e-usm",
  name: "unsharp",
  msPerMegapixel: 120,
  excludesAvif: true,
  read: ({ sigma, amount, threshold }) => ({ sigma, amount, threshold }),
  plan: (mask) => {
    const sigma = within(mask.sigma, maskRanges.sigma);
    const amount = within(mask.amount, maskRanges.amount);
    const threshold = within(mask.threshold, maskRanges.threshold);
    const lightness = { m1: 0, m2: amount, x1: threshold * fullLightness, y2: fullLightness, y3: fullLightness };
    return { kind: "effect", apply: (image) => image.sharpen({ sigma, ...lightness }) };
  },
});

/** The ranges that sharp accepts, or beyond which the result no longer changes. */
const maskRanges = {
  sigma: { min: 0.01, max: 10 },
  amount: { min: 0, max: 1_000_000 },
  threshold: { min: 0, max: 1 },
};

/** Full lightness on the scale of libvips. */
const fullLightness = 100;

function within(value: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(Math.max(value, min), max);
}
