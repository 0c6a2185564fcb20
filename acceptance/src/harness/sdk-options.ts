import type ImageKit from "@imagekit/nodejs";

type Option = Exclude<keyof ImageKit.Transformation, "overlay">;

/** A transformation as an SDK takes it, and the size of what it makes of a picture of 600 x 400. */
export type Made = readonly [transformation: ImageKit.Transformation, width: number, height: number];

export interface Refused {
  readonly refused: ImageKit.Transformation;
  /** Second half of the `ik-error` header. */
  readonly message: string;
  /** Where the specification says so. */
  readonly line: string;
}

const unsupported = (refused: ImageKit.Transformation, key: string, line: string): Refused => ({
  refused,
  message: `Unsupported transformation parameter: ${key}`,
  line,
});
const model = (refused: ImageKit.Transformation): Refused => ({
  refused,
  message: "AI transformation not available",
  line: "transformations.md, tiers: T3 needs models",
});

const effects = "transformations.md §6.3: T2 effects";
const canvas = { width: 300, height: 300 };

/** Every option that the official SDKs offer for a URL: what it makes, or how it is refused. */
export const sdkOptions = {
  width: [
    [{ width: 300 }, 300, 200],
    [{ width: "0.5" }, 300, 200],
    [{ width: 70_000 }, 600, 400],
    [{ width: "auto" }, 600, 400],
  ],
  height: [[{ height: 100 }, 150, 100]],
  aspectRatio: [
    [{ aspectRatio: "4-3", width: 400 }, 400, 300],
    [{ aspectRatio: "4:3", width: 400 }, 400, 300],
    [{ aspectRatio: "2_1", height: 100 }, 200, 100],
    [{ aspectRatio: 1 }, 400, 400],
  ],
  crop: [
    [{ ...canvas, crop: "maintain_ratio" }, 300, 300],
    [{ width: 800, height: 800, crop: "maintain_ratio_no_enlarge" }, 400, 400],
    [{ ...canvas, crop: "force" }, 300, 300],
    [{ ...canvas, crop: "at_max" }, 300, 200],
    [{ width: 900, height: 900, crop: "at_max" }, 600, 400],
    [{ width: 900, height: 900, crop: "at_max_enlarge" }, 900, 600],
    [{ ...canvas, crop: "at_least" }, 450, 300],
  ],
  cropMode: [
    [{ ...canvas, cropMode: "pad_resize" }, 300, 300],
    [{ width: 900, height: 900, cropMode: "pad_resize_no_enlarge" }, 900, 900],
    [{ width: 200, height: 200, cropMode: "extract" }, 200, 200],
    [{ width: 700, height: 700, cropMode: "pad_extract" }, 700, 700],
    [{ width: 500, height: 500, cropMode: "pad_extract_no_shrink" }, 600, 500],
  ],
  focus: [
    [{ ...canvas, focus: "top_left" }, 300, 300],
    [{ ...canvas, focus: "auto" }, 300, 300],
    [{ ...canvas, focus: "custom" }, 300, 300],
    unsupported({ ...canvas, focus: "face" }, "fo", "transformations.md §5.4: T2"),
    unsupported({ ...canvas, focus: "dog" }, "fo", "transformations.md §5.4: T2"),
  ],
  x: [[{ ...canvas, cropMode: "extract", x: 400 }, 200, 300]],
  y: [[{ ...canvas, cropMode: "extract", y: 10 }, 300, 300]],
  xCenter: [
    [{ ...canvas, cropMode: "extract", xCenter: 300 }, 300, 300],
    {
      refused: { ...canvas, cropMode: "extract", xCenter: 50 },
      message: "The region to extract is outside of the image",
      line: "transformations.md §5.4: centre coordinates out of bounds",
    },
  ],
  yCenter: [[{ ...canvas, cropMode: "extract", yCenter: 200 }, 300, 300]],
  zoom: [[{ ...canvas, zoom: 2 }, 300, 300]],
  dpr: [
    [{ width: 100, dpr: 2 }, 200, 133],
    [{ width: 3000, dpr: 2 }, 3000, 2000],
  ],
  background: [
    [{ ...canvas, cropMode: "pad_resize", background: "F3F3F3" }, 300, 300],
    [{ ...canvas, cropMode: "pad_resize", background: "red" }, 300, 300],
    [{ ...canvas, cropMode: "pad_resize", background: "blurred_25_N15" }, 300, 300],
    [{ ...canvas, cropMode: "pad_resize", background: "dominant" }, 300, 300],
    [{ ...canvas, cropMode: "pad_resize", background: "gradient_dominant_4" }, 300, 300],
    model({ ...canvas, cropMode: "pad_resize", background: "genfill" }),
  ],
  format: [
    [{ width: 60, format: "auto" }, 60, 40],
    [{ width: 60, format: "jpg" }, 60, 40],
    [{ width: 60, format: "jpeg" }, 60, 40],
    [{ width: 60, format: "png" }, 60, 40],
    [{ width: 60, format: "webp" }, 60, 40],
    [{ width: 60, format: "avif" }, 60, 40],
    [{ width: 60, format: "gif" }, 60, 40],
    [{ width: 60, format: "svg" }, 60, 40],
    [{ width: 60, format: "orig" }, 60, 40],
    [{ width: 60, format: "mp4" }, 60, 40],
  ],
  quality: [[{ quality: 10 }, 600, 400]],
  progressive: [[{ progressive: true, format: "jpg" }, 600, 400]],
  lossless: [[{ lossless: true, format: "webp" }, 600, 400]],
  metadata: [[{ metadata: true }, 600, 400]],
  colorProfile: [[{ colorProfile: true }, 600, 400]],
  original: [[{ original: true, width: 10 }, 600, 400]],
  named: [[{ named: "ik_ml_thumbnail" }, 400, 267]],
  defaultImage: [[{ defaultImage: "/other/b.png", width: 60 }, 60, 40]],
  page: [[{ page: 1 }, 600, 400]],
  blur: [[{ blur: 10 }, 600, 400]],
  grayscale: [[{ grayscale: true }, 600, 400]],
  contrastStretch: [[{ contrastStretch: true }, 600, 400]],
  sharpen: [
    [{ sharpen: true }, 600, 400],
    [{ sharpen: 30 }, 600, 400],
  ],
  unsharpMask: [
    [{ unsharpMask: true }, 600, 400],
    [{ unsharpMask: "2-2-0.8-0.024" }, 600, 400],
  ],
  border: [[{ border: "10_FF0000" }, 620, 420]],
  radius: [
    [{ radius: 20 }, 600, 400],
    [{ radius: "max" }, 600, 400],
    [{ radius: "10_max_20_30" }, 600, 400],
  ],
  rotation: [
    [{ rotation: 90 }, 400, 600],
    [{ rotation: "N90" }, 400, 600],
    [{ rotation: "auto" }, 600, 400],
    [{ rotation: 45 }, 707, 707],
  ],
  flip: [
    [{ flip: "h" }, 600, 400],
    [{ flip: "v_h" }, 600, 400],
  ],
  opacity: [[{ opacity: 50 }, 600, 400]],
  trim: [
    [{ trim: true }, 600, 400],
    [{ trim: 5 }, 600, 400],
  ],
  raw: [[{ raw: "w-60,h-60" }, 60, 60]],
  // On an image they have no effect (§9).
  videoCodec: [[{ videoCodec: "h264" }, 600, 400]],
  audioCodec: [[{ audioCodec: "none" }, 600, 400]],
  startOffset: [[{ startOffset: 1 }, 600, 400]],
  endOffset: [[{ endOffset: 2 }, 600, 400]],
  duration: [[{ duration: 1 }, 600, 400]],
  streamingResolutions: [[{ streamingResolutions: ["480"] }, 600, 400]],
  shadow: [unsupported({ shadow: true }, "e-shadow", effects)],
  gradient: [unsupported({ gradient: true }, "e-gradient", effects)],
  colorize: [unsupported({ colorize: "co-red_in-50" }, "e-colorize", effects)],
  colorReplace: [unsupported({ colorReplace: "FF0000_50" }, "cr", effects)],
  distort: [unsupported({ distort: "a-20" }, "e-distort", effects)],
  aiChangeBackground: [model({ aiChangeBackground: "prompt-car" })],
  aiDropShadow: [model({ aiDropShadow: true })],
  aiEdit: [model({ aiEdit: "prompt-hat" })],
  aiRemoveBackground: [model({ aiRemoveBackground: true })],
  aiRemoveBackgroundExternal: [model({ aiRemoveBackgroundExternal: true })],
  aiRetouch: [model({ aiRetouch: true })],
  aiUpscale: [model({ aiUpscale: true })],
  aiVariation: [model({ aiVariation: true })],
} as const satisfies Record<Option, readonly (Made | Refused)[]>;

/** Options of a kind of their own, with layers, arithmetic and conditions: none of them is there yet. */
export const refusedForms: readonly Refused[] = [
  unsupported({ overlay: { type: "text", text: "Hello" } }, "l-text", "transformations.md §6.2: T2"),
  unsupported({ overlay: { type: "image", input: "logo.png" } }, "l-image", "transformations.md §6.2: T2"),
  unsupported({ overlay: { type: "solidColor", color: "FF0000" } }, "l-image", "transformations.md §6.2: T2"),
  unsupported({ width: "iw_div_2" }, "w", "transformations.md §3: T2"),
  unsupported({ raw: "if-w_gt_100,w-50,if-end" }, "if", "transformations.md §4: T2"),
];
