import type { SupportedTransformsParam } from "imagekit/dist/libs/constants/supportedTransforms.js";
import type { Made, Refused } from "./sdk-options.ts";

/** A step as version 6 of the SDK takes it. A lone `-` stands for a parameter without a value. */
export type V6Step = Record<string, string | number | boolean>;

const canvas = { width: 300, height: 300 };
/** Every URL option of version 6, with its result for a picture of 600 x 400 or its refusal. */
export const v6Options = {
  width: [[{ width: 300 }, 300, 200]],
  height: [[{ height: 100 }, 150, 100]],
  aspectRatio: [[{ aspectRatio: "4-3", width: 400 }, 400, 300]],
  quality: [[{ quality: 10 }, 600, 400]],
  crop: [[{ ...canvas, crop: "at_least" }, 450, 300]],
  cropMode: [[{ ...canvas, cropMode: "pad_resize" }, 300, 300]],
  focus: [[{ ...canvas, focus: "auto" }, 300, 300]],
  x: [[{ ...canvas, cropMode: "extract", x: 400 }, 200, 300]],
  y: [[{ ...canvas, cropMode: "extract", y: 200 }, 300, 200]],
  format: [[{ width: 60, format: "webp" }, 60, 40]],
  radius: [[{ radius: "max" }, 600, 400]],
  background: [[{ ...canvas, cropMode: "pad_resize", background: "F3F3F3" }, 300, 300]],
  border: [[{ border: "10_FF0000" }, 620, 420]],
  rotation: [[{ rotation: 90 }, 400, 600]],
  rotate: [[{ rotate: "N90" }, 400, 600]],
  blur: [[{ blur: 10 }, 600, 400]],
  named: [[{ named: "media_library_thumbnail" }, 100, 67]],
  progressive: [[{ progressive: true, format: "jpg" }, 600, 400]],
  lossless: [[{ lossless: true }, 600, 400]],
  trim: [[{ trim: true }, 600, 400]],
  metadata: [[{ metadata: true }, 600, 400]],
  colorProfile: [[{ colorProfile: true }, 600, 400]],
  defaultImage: [[{ defaultImage: "/other/b.png", width: 60 }, 60, 40]],
  dpr: [[{ width: 100, dpr: 2 }, 200, 133]],
  effectSharpen: [
    [{ effectSharpen: "-" }, 600, 400],
    [{ effectSharpen: 30 }, 600, 400],
  ],
  effectUSM: [[{ effectUSM: "2-2-0.8-0.024" }, 600, 400]],
  effectContrast: [[{ effectContrast: "-" }, 600, 400]],
  effectGray: [[{ effectGray: "-" }, 600, 400]],
  effectShadow: [[{ effectShadow: "bl-15_st-40_x-10_y-N5" }, 600, 400]],
  effectGradient: [[{ effectGradient: "from-red_to-white" }, 600, 400]],
  original: [[{ original: true, width: 10 }, 600, 400]],
} satisfies Record<SupportedTransformsParam, readonly (Made<V6Step> | Refused<V6Step>)[]>;
