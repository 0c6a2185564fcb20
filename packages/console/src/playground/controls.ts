/** A control of the playground, with the parameter that it sets. */
export type Control =
  | { readonly key: string; readonly kind: "number"; readonly min: number; readonly max: number }
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
  { key: "w", kind: "number", min: 1, max: 4000 },
  { key: "h", kind: "number", min: 1, max: 4000 },
] as const satisfies readonly Control[];

const crop = [
  { key: "c", kind: "choice", options: ["maintain_ratio", "force", "at_least", "at_max"] },
  { key: "cm", kind: "choice", options: ["extract", "pad_resize", "pad_extract"] },
  { key: "fo", kind: "choice", options: ["auto", ...places, "custom"] },
] as const satisfies readonly Control[];

const looks = [
  { key: "bg", kind: "colour", standard: "FFFFFF" },
  { key: "rt", kind: "choice", options: ["90", "180", "270", "auto"] },
  { key: "r", kind: "number", min: 0, max: 1000 },
  { key: "bl", kind: "number", min: 1, max: 100 },
  { key: "e-grayscale", kind: "flag" },
  { key: "e-contrast", kind: "flag" },
] as const satisfies readonly Control[];

const output = [
  { key: "q", kind: "number", min: 1, max: 100 },
  { key: "f", kind: "choice", options: ["auto", "jpg", "webp", "avif", "png"] },
] as const satisfies readonly Control[];

const placement = [
  { key: "lfo", kind: "choice", options: places },
  { key: "lx", kind: "offset" },
  { key: "ly", kind: "offset" },
  { key: "lxc", kind: "offset" },
  { key: "lyc", kind: "offset" },
  { key: "lap", kind: "choice", options: places },
  { key: "lm", kind: "choice", options: ["multiply", "cutout", "cutter", "displace"] },
] as const satisfies readonly Control[];

/** The parameters that have a control, by what a step works on. Every other one can be typed. */
export const controls = {
  picture: [...size, ...crop, ...looks, ...output],
  image: [...size, ...crop, ...looks],
  text: [
    { key: "fs", kind: "number", min: 1, max: 1000 },
    { key: "ff", kind: "text" },
    { key: "co", kind: "colour", standard: "000000" },
    { key: "tg", kind: "words", options: ["b", "i", "strikethrough"] },
    { key: "ia", kind: "choice", options: ["left", "center", "right"] },
    { key: "lh", kind: "number", min: 1, max: 1000 },
    { key: "w", kind: "number", min: 1, max: 4000 },
    { key: "pa", kind: "number", min: 0, max: 1000 },
    { key: "bg", kind: "colour", standard: "FFFFFF" },
    { key: "r", kind: "number", min: 0, max: 1000 },
    { key: "al", kind: "number", min: 1, max: 9 },
    { key: "rt", kind: "offset" },
  ],
  canvas: [
    ...size,
    { key: "bg", kind: "colour", standard: "FFFFFF" },
    { key: "e-gradient", kind: "text" },
    { key: "al", kind: "number", min: 1, max: 9 },
    { key: "r", kind: "number", min: 0, max: 1000 },
  ],
  other: size,
  placement,
} as const satisfies Readonly<Record<string, readonly Control[]>>;

/** The controls that are seen without being asked for. */
export const essentials: ReadonlySet<string> = new Set([
  "w",
  "h",
  "c",
  "fo",
  "q",
  "f",
  "fs",
  "co",
  "tg",
  "lfo",
  "lx",
  "ly",
] satisfies ControlKey[]);

/** The parameter of any control. */
export type ControlKey = (typeof controls)[keyof typeof controls][number]["key"];
