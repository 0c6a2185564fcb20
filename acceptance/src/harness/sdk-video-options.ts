import type ImageKit from "@imagekit/nodejs";
import { layerFile, type Step } from "./sdk-options.ts";

/** What is expected of a transformed video; a member that is left out may be anything. */
export interface VideoResult {
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  /** FFmpeg's name of the codec; null for a result without a picture or without a sound. */
  readonly videoCodec?: string | null;
  readonly audioCodec?: string | null;
}

/** A transformation as an SDK takes it, and its result for a video of 120 x 80 that lasts one second. */
export type MadeVideo = readonly [transformation: Step, result: VideoResult];

export const videoLayerFile = "/clips/inner.mp4";
export const subtitleFile = "/clips/words.srt";

const square = { width: 60, height: 60 };
const small = { width: 60, height: 40 };
const unchanged = { width: 120, height: 80 };

/** Every option of the SDKs that says something about a video (docs/protocol/transformations.md §7). */
export const videoOptions = {
  width: [
    [{ width: 60 }, small],
    [{ width: "0.5" }, small],
    [{ width: "iw_div_2" }, small],
  ],
  height: [[{ height: 40 }, small]],
  aspectRatio: [[{ aspectRatio: "1-1", width: 60 }, square]],
  crop: [
    [{ ...square, crop: "maintain_ratio" }, square],
    [{ ...square, crop: "force" }, square],
    [{ ...square, crop: "at_max" }, small],
    [
      { ...square, crop: "at_least" },
      { width: 90, height: 60 },
    ],
  ],
  cropMode: [
    [{ ...square, cropMode: "pad_resize" }, square],
    [{ ...square, cropMode: "extract" }, square],
  ],
  focus: [
    [{ ...square, focus: "top_left" }, square],
    [{ ...square, cropMode: "pad_resize", focus: "left" }, square],
  ],
  x: [[{ ...square, cropMode: "extract", x: 50 }, square]],
  y: [[{ ...square, cropMode: "extract", y: 10 }, square]],
  xCenter: [[{ ...square, cropMode: "extract", xCenter: 60 }, square]],
  yCenter: [[{ ...square, cropMode: "extract", yCenter: 40 }, square]],
  dpr: [[{ width: 30, dpr: 2 }, small]],
  background: [
    [{ ...square, cropMode: "pad_resize", background: "F3F3F3" }, square],
    [{ ...square, cropMode: "pad_resize", background: "blurred" }, square],
  ],
  border: [[{ border: "10_FF0000" }, { width: 140, height: 100 }]],
  radius: [
    [{ radius: 20 }, unchanged],
    [{ radius: "max", background: "white" }, unchanged],
  ],
  rotation: [
    [{ rotation: 90 }, { width: 80, height: 120 }],
    [{ rotation: "180" }, unchanged],
  ],
  flip: [
    [{ flip: "h" }, unchanged],
    [{ flip: "h_v" }, unchanged],
  ],
  quality: [[{ quality: 20 }, unchanged]],
  format: [
    [{ format: "auto" }, { videoCodec: "h264", audioCodec: "aac" }],
    [{ format: "mp4" }, { videoCodec: "h264", audioCodec: "aac" }],
    [{ format: "webm" }, { videoCodec: "vp9", audioCodec: "opus" }],
  ],
  videoCodec: [
    [{ videoCodec: "h264" }, { videoCodec: "h264" }],
    [{ videoCodec: "vp9" }, { videoCodec: "vp9" }],
    [{ videoCodec: "av1" }, { videoCodec: "av1" }],
    [{ videoCodec: "none" }, { videoCodec: null, audioCodec: "aac" }],
  ],
  audioCodec: [
    [{ audioCodec: "aac" }, { audioCodec: "aac" }],
    [{ audioCodec: "opus" }, { audioCodec: "opus" }],
    [{ audioCodec: "none" }, { videoCodec: "h264", audioCodec: null }],
  ],
  startOffset: [
    [{ startOffset: "0.40" }, { seconds: 0.6 }],
    [{ startOffset: "idu_div_2" }, { seconds: 0.5 }],
  ],
  endOffset: [[{ endOffset: "0.50" }, { seconds: 0.5 }]],
  duration: [[{ startOffset: "0.20", duration: "0.50" }, { seconds: 0.5 }]],
  original: [[{ original: true, width: 10 }, unchanged]],
  raw: [
    [{ raw: "w-60,ac-none" }, { ...small, audioCodec: null }],
    [{ raw: "if-iw_gt_100,w-60,if-end" }, small],
    // Older SDKs called subtitles so.
    [{ raw: `l-subtitle,i-${inUrl(subtitleFile)},l-end` }, unchanged],
  ],
} satisfies Partial<Record<keyof Step, readonly MadeVideo[]>>;

type AnyLayer = NonNullable<Step["overlay"]>;
type LayerType = AnyLayer["type"];
type VideoStep = NonNullable<ImageKit.VideoOverlay["transformation"]>[number];
type SubtitleStep = NonNullable<ImageKit.SubtitleOverlay["transformation"]>[number];

const on = (overlay: AnyLayer): MadeVideo => [{ ...small, overlay }, small];
const inner = { type: "video", input: videoLayerFile } as const;
const subtitles = { type: "subtitle", input: subtitleFile } as const;

/** Every option of a step of subtitles. One that the SDK adds doesn't compile until it is here. */
const subtitleSteps = {
  background: [{ background: "red" }, { background: "00000060" }],
  color: [{ color: "A1CCDD" }],
  fontFamily: [{ fontFamily: "Roboto" }, { fontFamily: "fonts/own.ttf" }],
  fontOutline: [{ fontOutline: "2_A1CCDD50" }],
  fontShadow: [{ fontShadow: "blue_2" }],
  fontSize: [{ fontSize: 20 }],
  typography: [{ typography: "b" }, { typography: "i" }, { typography: "b_i" }],
} satisfies Record<keyof SubtitleStep, readonly SubtitleStep[]>;

/** What can be asked of a video that lies on another one. */
const videoSteps: readonly VideoStep[] = [
  { startOffset: "0.50", width: "bw_mul_0.5" },
  { height: "bh_div_2", radius: "max", audioCodec: "none" },
  { ...square, cropMode: "pad_resize", background: "blue", rotation: 90, flip: "h" },
  { width: 20, overlay: { type: "text", text: "inner", transformation: [{ fontSize: 8 }] } },
];

const encodings = ["auto", "plain", "base64"] as const;
const timing = { start: "0.20", end: "0.80" };
const position = { x: "10", y: "20", focus: "center" } as const;

/** Each type of layer on a video. */
export const layersOnVideos: Readonly<Record<LayerType, readonly MadeVideo[]>> = {
  text: [
    on({ type: "text", text: "50 %, „sold“: 日本", timing, transformation: [{ fontSize: 12, fontColor: "FF0000" }] }),
    on({ type: "text", text: "all", position, timing: { start: 0, duration: "bdu_div_2" } }),
    on({
      ...{ type: "text", text: "Every thing", position, timing: { start: 5, duration: "10", end: 15 } },
      transformation: [
        {
          ...{ width: "bw_mul_0.5", fontSize: 20, fontFamily: "Arial", fontColor: "0000ff", innerAlignment: "left" },
          ...{ padding: 5, alpha: 7, typography: "b", background: "red", radius: 10, rotation: "N45", flip: "h" },
          lineHeight: 20,
        },
      ],
    }),
  ],
  image: [
    on({ type: "image", input: layerFile, timing, position: { xCenter: 30, yCenter: "bh_div_2" } }),
    on({
      ...{ type: "image", input: layerFile, position: { anchorPoint: "bottom_right", x: -2, y: -2 } },
      transformation: [
        { width: "bw_mul_0.5", rotation: "N45", flip: "h", overlay: { type: "text", text: "Nested text" } },
      ],
    }),
  ],
  solidColor: [
    on({ type: "solidColor", color: "FF0000", timing, transformation: [{ width: 50, height: 90, alpha: 4 }] }),
    on({
      ...{ type: "solidColor", color: "FF0000", position },
      transformation: [
        { width: "bw_mul_0.5", height: "bh_mul_0.5", alpha: 0.5, background: "red", gradient: true, radius: "max" },
      ],
    }),
  ],
  video: [
    ...encodings.map((encoding) => on({ ...inner, encoding })),
    on({ ...inner, position, timing }),
    on({ ...inner, position: { anchorPoint: "top_right", x: "bw_sub_cw" }, timing: { start: 5, end: 15 } }),
    ...videoSteps.map((step) => on({ ...inner, transformation: [step] })),
  ],
  subtitle: [
    ...encodings.map((encoding) => on({ ...subtitles, encoding })),
    on({ ...subtitles, position, timing }),
    ...Object.values<readonly SubtitleStep[]>(subtitleSteps).flatMap((steps) =>
      steps.map((step) => on({ ...subtitles, transformation: [step] })),
    ),
  ],
};

/** A path as the SDKs write it into a layer. */
function inUrl(path: string): string {
  return path.slice(1).replaceAll("/", "@@");
}
