/** A control of the playground, with the parameter that it sets. */
export type Control =
  | {
      readonly key: string;
      readonly kind: "number";
      readonly min: number;
      readonly max: number;
      readonly step?: number;
    }
  | { readonly key: string; readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly key: string; readonly kind: "flag" }
  | { readonly key: string; readonly kind: "colour" };

/** The parameters that have a control. Every other one can be typed. */
export const controls = [
  { key: "w", kind: "number", min: 1, max: 4000 },
  { key: "h", kind: "number", min: 1, max: 4000 },
  { key: "c", kind: "choice", options: ["maintain_ratio", "force", "at_least", "at_max"] },
  { key: "cm", kind: "choice", options: ["extract", "pad_resize", "pad_extract"] },
  {
    key: "fo",
    kind: "choice",
    options: [
      "auto",
      "center",
      "top",
      "bottom",
      "left",
      "right",
      "top_left",
      "top_right",
      "bottom_left",
      "bottom_right",
      "custom",
    ],
  },
  { key: "bg", kind: "colour" },
  { key: "rt", kind: "choice", options: ["90", "180", "270", "auto"] },
  { key: "r", kind: "number", min: 0, max: 1000 },
  { key: "bl", kind: "number", min: 1, max: 100 },
  { key: "e-grayscale", kind: "flag" },
  { key: "e-contrast", kind: "flag" },
  { key: "q", kind: "number", min: 1, max: 100 },
  { key: "f", kind: "choice", options: ["auto", "jpg", "webp", "avif", "png"] },
] as const satisfies readonly Control[];
