import type { SrcOptions } from "@imagekit/javascript";
import type ImageKit from "@imagekit/nodejs";

/** A transformation step as the server SDK takes it, and as the browser SDK takes it. */
export type Step = ImageKit.Transformation;
export type BrowserStep = NonNullable<SrcOptions["transformation"]>[number];

type Option = Exclude<keyof Step, "overlay">;

/** A transformation as an SDK takes it, and the size of its result for a picture of 600 x 400. */
export type Made<S = Step> = readonly [transformation: S, width: number, height: number];

export interface Refused<S = Step> {
  readonly refused: S;
  /** The first half of the `ik-error` header, unless it is `EINVALID`. */
  readonly code?: string;
  /** The second half of the `ik-error` header. */
  readonly message: string;
  /** The place in the specification that demands the refusal. */
  readonly line: string;
}

const ofVideos = (refused: Step, what: string): Refused => ({
  refused,
  message: `Unsupported transformation parameter: ${what}`,
  line: "docs/protocol/transformations.md §6.2: video base only",
});
const model = (refused: Step): Refused => ({
  refused,
  message: "AI transformation not available",
  line: "docs/protocol/transformations.md, tiers: T3 needs models",
});

const canvas = { width: 300, height: 300 };

type Named<O extends Option> = Extract<Step[O] & BrowserStep[O & keyof BrowserStep], string>;

/** One example for each value that both SDKs' types name. A new value doesn't compile until it has an example here. */
const each = <O extends Option>(
  option: O,
  values: Record<Named<O>, readonly [beside: Step, width: number, height: number]>,
): readonly Made[] =>
  Object.entries<readonly [Step, number, number]>(values).map(([value, [beside, width, height]]) => [
    { ...beside, [option]: value },
    width,
    height,
  ]);
const unchanged = [{}, 600, 400] as const;
const small = [{ width: 60 }, 60, 40] as const;

/** Every option that the official SDKs offer for a URL, with its result or its refusal. */
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
    ...each("crop", {
      maintain_ratio: [canvas, 300, 300],
      maintain_ratio_no_enlarge: [{ width: 800, height: 800 }, 400, 400],
      force: [canvas, 300, 300],
      at_max: [canvas, 300, 200],
      at_max_enlarge: [{ width: 900, height: 900 }, 900, 600],
      at_least: [canvas, 450, 300],
    }),
    [{ width: 900, height: 900, crop: "at_max" }, 600, 400],
  ],
  cropMode: each("cropMode", {
    pad_resize: [canvas, 300, 300],
    pad_resize_no_enlarge: [{ width: 900, height: 900 }, 900, 900],
    extract: [{ width: 200, height: 200 }, 200, 200],
    pad_extract: [{ width: 700, height: 700 }, 700, 700],
    pad_extract_no_shrink: [{ width: 500, height: 500 }, 600, 500],
  }),
  focus: [
    ...["center", "top", "left", "bottom", "right", "top_left", "top_right", "bottom_left", "bottom_right"].map(
      (focus): Made => [{ ...canvas, focus }, 300, 300],
    ),
    [{ ...canvas, cropMode: "pad_resize", focus: "left" }, 300, 300],
    [{ ...canvas, focus: "auto" }, 300, 300],
    [{ ...canvas, focus: "custom" }, 300, 300],
    [{ ...canvas, focus: "auto-custom_override" }, 300, 300],
    [{ ...canvas, focus: "face" }, 300, 300],
    [{ ...canvas, focus: "dog" }, 300, 300],
    [{ ...canvas, focus: "dog_trafficLight", cropMode: "extract" }, 300, 300],
  ],
  x: [[{ ...canvas, cropMode: "extract", x: 400 }, 200, 300]],
  y: [[{ ...canvas, cropMode: "extract", y: 10 }, 300, 300]],
  xCenter: [
    [{ ...canvas, cropMode: "extract", xCenter: 300 }, 300, 300],
    {
      refused: { ...canvas, cropMode: "extract", xCenter: 50 },
      message: "The region to extract is outside of the image",
      line: "docs/protocol/transformations.md §5.4: centre coordinates out of bounds",
    },
  ],
  yCenter: [[{ ...canvas, cropMode: "extract", yCenter: 200 }, 300, 300]],
  zoom: [
    [{ ...canvas, zoom: 2 }, 300, 300],
    [{ ...canvas, focus: "face", zoom: 0.5 }, 300, 300],
  ],
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
  format: each("format", {
    auto: small,
    jpg: small,
    jpeg: small,
    png: small,
    webp: small,
    avif: small,
    gif: small,
    svg: small,
    orig: small,
    mp4: small,
    webm: small,
  }),
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
  flip: each("flip", { h: unchanged, v: unchanged, h_v: unchanged, v_h: unchanged }),
  opacity: [[{ opacity: 50 }, 600, 400]],
  trim: [
    [{ trim: true }, 600, 400],
    [{ trim: 5 }, 600, 400],
  ],
  raw: [[{ raw: "w-60,h-60" }, 60, 60]],
  // These options have no effect on an image (§9).
  videoCodec: each("videoCodec", { h264: unchanged, vp9: unchanged, av1: unchanged, none: unchanged }),
  audioCodec: each("audioCodec", { aac: unchanged, opus: unchanged, none: unchanged }),
  startOffset: [[{ startOffset: 1 }, 600, 400]],
  endOffset: [[{ endOffset: 2 }, 600, 400]],
  duration: [[{ duration: 1 }, 600, 400]],
  streamingResolutions: [[{ streamingResolutions: ["480"] }, 600, 400]],
  shadow: [
    [{ shadow: true }, 600, 400],
    [{ shadow: "bl-15_st-40_x-10_y-N5" }, 600, 400],
  ],
  gradient: [
    [{ gradient: true }, 600, 400],
    [{ gradient: "from-red_to-white" }, 600, 400],
  ],
  colorize: [[{ colorize: "co-red_in-50" }, 600, 400]],
  colorReplace: [
    [{ colorReplace: "FF0000" }, 600, 400],
    [{ colorReplace: "FF0000_50_00FF00" }, 600, 400],
  ],
  distort: [
    [{ distort: "p-50_50_550_20_600_400_0_380" }, 600, 400],
    [{ width: 60, distort: "a-20" }, 67, 42],
  ],
  aiChangeBackground: [model({ aiChangeBackground: "prompt-car" })],
  aiDropShadow: [
    [{ aiDropShadow: true }, 600, 400],
    [{ aiDropShadow: "az-45_el-30_st-80" }, 600, 400],
  ],
  aiEdit: [model({ aiEdit: "prompt-hat" })],
  aiRemoveBackground: [model({ aiRemoveBackground: true })],
  aiRemoveBackgroundExternal: [model({ aiRemoveBackgroundExternal: true })],
  aiRetouch: [model({ aiRetouch: true })],
  aiUpscale: [model({ aiUpscale: true })],
  aiVariation: [model({ aiVariation: true })],
} satisfies Record<Option, readonly (Made | Refused)[]>;

/** The options that only the browser SDK has. */
export const browserOptions = {
  density: [
    [{ density: 300 }, 600, 400],
    [{ density: "idn_mul_2" }, 600, 400],
  ],
} satisfies Record<Exclude<keyof BrowserStep, keyof Step>, readonly (Made<BrowserStep> | Refused<BrowserStep>)[]>;

type OverlayType = NonNullable<Step["overlay"]>["type"];

/** The name of the file that the examples of image layers draw. It has 40 x 20 pixels. */
export const layerFile = "logo.png";

/** Each type of layer on a picture, with its result or its refusal. sdk-layer-options.ts has each option of a layer by itself. */
export const overlays: Readonly<Record<OverlayType, readonly (Made | Refused)[]>> = {
  text: [
    [{ overlay: { type: "text", text: "Hello" } }, 600, 400],
    [{ overlay: { type: "text", text: "50 %, „sold“: 日本", encoding: "base64" } }, 600, 400],
    [
      {
        overlay: {
          type: "text",
          text: "Hello",
          position: { x: "bw_div_10", y: -20 },
          transformation: [
            {
              alpha: 5,
              background: "FFFFFF",
              flip: "h",
              fontColor: "FF0000",
              fontFamily: "PT_Serif",
              fontSize: "bw_div_10",
              innerAlignment: "left",
              lineHeight: 40,
              padding: "5_10",
              radius: 5,
              rotation: 90,
              typography: "b_i",
              width: 180,
            },
          ],
        },
      },
      600,
      400,
    ],
  ],
  image: [
    [{ overlay: { type: "image", input: layerFile } }, 600, 400],
    [
      { overlay: { type: "image", input: layerFile, encoding: "base64", position: { x: 10, y: "bh_sub_ch" } } },
      600,
      400,
    ],
    [
      { width: 300, overlay: { type: "image", input: layerFile, transformation: [{ width: 400 }, { rotation: 30 }] } },
      300,
      200,
    ],
    {
      refused: { overlay: { type: "image", input: "nobody.png" } },
      code: "ENOENT",
      message: "overlay nobody.png not found",
      line: "docs/protocol/transformations.md §9",
    },
  ],
  solidColor: [
    [
      {
        overlay: {
          type: "solidColor",
          color: "FF0000",
          transformation: [{ width: 50, height: 900, alpha: 4, radius: 9 }],
        },
      },
      600,
      400,
    ],
  ],
  // sdk-video-options.ts has these two on a video.
  video: [ofVideos({ overlay: { type: "video", input: "clip.mp4" } }, "l-video")],
  subtitle: [ofVideos({ overlay: { type: "subtitle", input: "clip.srt" } }, "l-subtitles")],
};

/** Arithmetic and conditions, which are no options of their own. */
export const otherForms: readonly Made[] = [
  [{ width: "iw_div_2" }, 300, 200],
  [{ height: "ih_mul_0.8_sub_20", aspectRatio: "iar_div_3" }, 150, 300],
  [{ raw: "if-w_gt_100,w-50,if-end" }, 50, 33],
  [{ raw: "if-iw_lt_100,w-50,if-else,w-30:rt-90,if-end" }, 20, 30],
];
