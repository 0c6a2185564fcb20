import type { parameterRanges } from "@sluice/grammar";

/** A control of the playground, with the parameter that it sets. */
export type Control =
  /** A whole number in the range that the grammar has for the parameter. */
  | { readonly key: keyof typeof parameterRanges; readonly kind: "number" }
  /** A number that may be negative, which is written `N10`, or an expression. */
  | { readonly key: string; readonly kind: "offset" }
  | { readonly key: string; readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly key: string; readonly kind: "words"; readonly options: readonly string[] }
  | { readonly key: string; readonly kind: "text" }
  | { readonly key: string; readonly kind: "flag" }
  | { readonly key: string; readonly kind: "colour"; readonly standard: string };

const places = [
  "center",
  "top",
  "bottom",
  "left",
  "right",
  "top_left",
  "top_right",
  "bottom_left",
  "bottom_right",
] as const;

const size = [
  { key: "w", kind: "number" },
  { key: "h", kind: "number" },
] as const satisfies readonly Control[];

const crop = [
  { key: "c", kind: "choice", options: ["maintain_ratio", "force", "at_least", "at_max"] },
  { key: "cm", kind: "choice", options: ["extract", "pad_resize", "pad_extract"] },
  { key: "fo", kind: "choice", options: ["auto", ...places, "custom"] },
] as const satisfies readonly Control[];

const looks = [
  { key: "bg", kind: "colour", standard: "FFFFFF" },
  { key: "rt", kind: "choice", options: ["90", "180", "270", "auto"] },
  { key: "r", kind: "number" },
  { key: "bl", kind: "number" },
  { key: "e-grayscale", kind: "flag" },
  { key: "e-contrast", kind: "flag" },
] as const satisfies readonly Control[];

const output = [
  { key: "q", kind: "number" },
  { key: "f", kind: "choice", options: ["auto", "jpg", "webp", "avif", "png"] },
] as const satisfies readonly Control[];

/** The parts of a video that are kept, and how it is written. */
const film = [
  { key: "so", kind: "text" },
  { key: "eo", kind: "text" },
  { key: "du", kind: "text" },
  { key: "q", kind: "number" },
  { key: "f", kind: "choice", options: ["auto", "mp4", "webm"] },
  { key: "vc", kind: "choice", options: ["h264", "vp9", "av1", "none"] },
  { key: "ac", kind: "choice", options: ["aac", "opus", "none"] },
] as const satisfies readonly Control[];

const placement = [
  { key: "lfo", kind: "choice", options: places },
  { key: "lx", kind: "offset" },
  { key: "ly", kind: "offset" },
  { key: "lxc", kind: "offset" },
  { key: "lyc", kind: "offset" },
  { key: "lap", kind: "choice", options: places },
] as const satisfies readonly Control[];

/** The parameters that have a control, by what a step works on. Every other one can be typed. */
export const controls = {
  picture: [...size, ...crop, ...looks, ...output],
  video: [
    ...size,
    { key: "c", kind: "choice", options: ["maintain_ratio", "force", "at_least", "at_max"] },
    { key: "cm", kind: "choice", options: ["extract", "pad_resize", "pad_extract"] },
    { key: "fo", kind: "choice", options: places },
    { key: "bg", kind: "colour", standard: "FFFFFF" },
    { key: "rt", kind: "choice", options: ["90", "180", "270"] },
    { key: "fl", kind: "choice", options: ["h", "v", "h_v"] },
    { key: "r", kind: "number" },
    ...film,
  ],
  image: [...size, ...crop, ...looks],
  text: [
    { key: "fs", kind: "number" },
    { key: "ff", kind: "text" },
    { key: "co", kind: "colour", standard: "000000" },
    { key: "tg", kind: "words", options: ["b", "i", "strikethrough"] },
    { key: "ia", kind: "choice", options: ["left", "center", "right"] },
    { key: "lh", kind: "number" },
    { key: "w", kind: "number" },
    { key: "pa", kind: "number" },
    { key: "bg", kind: "colour", standard: "FFFFFF" },
    { key: "r", kind: "number" },
    { key: "al", kind: "number" },
    { key: "rt", kind: "offset" },
  ],
  canvas: [
    ...size,
    { key: "bg", kind: "colour", standard: "FFFFFF" },
    { key: "e-gradient", kind: "text" },
    { key: "al", kind: "number" },
    { key: "r", kind: "number" },
  ],
  other: size,
  placement,
  /** How a layer is mixed with what lies below, which videos don't have. */
  mixing: [{ key: "lm", kind: "choice", options: ["multiply", "cutout", "cutter", "displace"] }],
  /** When a layer is seen on a video. */
  timing: [
    { key: "lso", kind: "text" },
    { key: "leo", kind: "text" },
    { key: "ldu", kind: "text" },
  ],
} as const satisfies Readonly<Record<string, readonly Control[]>>;

/** The controls that are seen without being asked for. */
export const essentials: ReadonlySet<string> = new Set([
  "w",
  "h",
  "c",
  "fo",
  "q",
  "f",
  "so",
  "eo",
  "lso",
  "leo",
  "fs",
  "co",
  "tg",
  "lfo",
  "lx",
  "ly",
] satisfies ControlKey[]);

/** The parameter of any control. */
export type ControlKey = (typeof controls)[keyof typeof controls][number]["key"];
