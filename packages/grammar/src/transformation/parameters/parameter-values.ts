import type { Background } from "../values/background.ts";
import type { Color, ColorReplacement, ColorWithSize } from "../values/color.ts";
import type { Distortion } from "../values/distortion.ts";
import type { Focus, Position } from "../values/focus.ts";
import type { Border, Flip, Radius, Rotation, Trim } from "../values/frame.ts";
import type { Numeric } from "../values/numeric.ts";
import type { Padding } from "../values/padding.ts";
import type { Page } from "../values/page.ts";
import type { LibraryPath } from "../values/path.ts";
import type { Prompt } from "../values/prompt.ts";
import type { DropShadow, Shadow } from "../values/shadows.ts";
import type { UnsharpMask } from "../values/sharpness.ts";
import type { AspectRatio, Dimension, Offset } from "../values/size.ts";
import type { Rung } from "../values/streaming.ts";
import type { Colorize, Gradient } from "../values/tints.ts";

export type Crop = "maintain_ratio" | "maintain_ratio_no_enlarge" | "force" | "at_max" | "at_max_enlarge" | "at_least";

export type CropMode = "pad_resize" | "pad_resize_no_enlarge" | "extract" | "pad_extract" | "pad_extract_no_shrink";

export interface SizeValues {
  readonly w: Dimension;
  readonly h: Dimension;
  readonly ar: AspectRatio;
  readonly dpr: Numeric | "auto";
  readonly c: Crop;
  readonly cm: CropMode;
  readonly fo: Focus;
  readonly x: Numeric;
  readonly y: Numeric;
  readonly xc: Numeric;
  readonly yc: Numeric;
  readonly z: number;
  readonly bg: Background;
}

export interface EffectValues {
  readonly t: Trim;
  readonly "e-contrast": true;
  readonly cr: ColorReplacement;
  readonly "e-colorize": Colorize;
  readonly "e-grayscale": true;
  readonly bl: number;
  readonly "e-sharpen": number;
  readonly "e-usm": UnsharpMask;
  readonly "e-gradient": Gradient;
  readonly "e-shadow": Shadow;
  readonly "e-distort": Distortion;
  readonly fl: Flip;
  readonly rt: Rotation;
  readonly b: Border;
  readonly r: Radius;
  readonly o: number;
}

export interface ModelValues {
  readonly "e-bgremove": true;
  readonly "e-removedotbg": true;
  readonly "e-changebg": Prompt;
  readonly "e-edit": Prompt;
  readonly "e-retouch": true;
  readonly "e-upscale": true;
  readonly "e-genvar": true;
  readonly "e-dropshadow": DropShadow;
}

export interface OutputValues {
  readonly f: "auto" | "jpg" | "png" | "webp" | "avif" | "gif" | "svg" | "orig" | "mp4" | "webm";
  readonly q: number;
  readonly lo: boolean;
  readonly pr: boolean;
  readonly cp: boolean;
  readonly md: boolean;
  readonly dn: Numeric;
  readonly c2pa: boolean;
}

export interface SourceValues {
  readonly n: string;
  readonly di: LibraryPath;
  readonly orig: boolean;
  readonly pg: Page;
}

export interface VideoValues {
  readonly vc: "h264" | "vp9" | "av1" | "none";
  readonly ac: "aac" | "opus" | "none";
  readonly so: Numeric;
  readonly eo: Numeric;
  readonly du: Numeric;
  readonly sr: readonly Rung[];
}

export interface TextValues {
  readonly fs: Numeric;
  readonly ff: LibraryPath;
  readonly co: Color;
  readonly ia: "left" | "right" | "center";
  readonly pa: Padding;
  readonly al: number;
  readonly tg: readonly ("b" | "i" | "strikethrough")[];
  readonly lh: Numeric;
  readonly fol: ColorWithSize;
  readonly fsh: ColorWithSize;
}

/** Everything that a step may hold besides layers, by key. */
export interface ParameterValues
  extends SizeValues,
    EffectValues,
    ModelValues,
    OutputValues,
    SourceValues,
    VideoValues,
    TextValues {}

export type ParameterKey = keyof ParameterValues;

/** Where, when and how a layer is laid over its parent. */
export interface PlacementValues {
  readonly lx: Offset;
  readonly ly: Offset;
  readonly lxc: Offset;
  readonly lyc: Offset;
  readonly lap: Position;
  readonly lfo: Position;
  readonly lm: "multiply" | "cutout" | "cutter" | "displace";
  readonly lso: Numeric;
  readonly leo: Numeric;
  readonly ldu: Numeric;
}

export type PlacementKey = keyof PlacementValues;
