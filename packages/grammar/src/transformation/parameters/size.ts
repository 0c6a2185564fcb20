import type { Shape } from "../shape.ts";
import { type Background, backgroundShape } from "../values/background.ts";
import { focusShape } from "../values/focus.ts";
import { keywordShape } from "../values/keyword.ts";
import { type Numeric, numberShape, numericShape, settleNumeric } from "../values/numeric.ts";
import { aspectRatioShape, heightShape, widthShape } from "../values/size.ts";
import { type AnyParameterRecords, everyMedium } from "./parameter-record.ts";

const pictures = ["image", "video"] as const;
const coordinate = numericShape({ min: -65_535, max: 65_535 });
const pixelRatios = { min: 0.1, max: 5, digits: 6 };
const fixedPixelRatio = numericShape(pixelRatios);
const pixelRatioShape: Shape<Numeric | "auto"> = {
  values: `${fixedPixelRatio.values}; \`auto\``,
  parse: (text, scope) => (text === "auto" ? text : fixedPixelRatio.parse(text, scope)),
  print: (ratio) => (ratio === "auto" ? ratio : fixedPixelRatio.print(ratio)),
  settle: (ratio, work) => (ratio === "auto" ? ratio : settleNumeric(ratio, pixelRatios, work)),
};

/**
 * Parameters for the size of the output and the part of the picture it shows (docs/protocol/transformations.md §5,
 * §6.1).
 */
export const sizeParameters = {
  w: {
    sdk: ["width"],
    shape: widthShape,
    tier: "T1",
    media: everyMedium,
    layers: ["image", "canvas", "text", "video"],
    description: "width; in a text layer the width at which words wrap",
  },
  h: {
    sdk: ["height"],
    shape: heightShape,
    tier: "T1",
    media: everyMedium,
    layers: ["image", "canvas", "video"],
    description: "height",
  },
  ar: {
    sdk: ["aspectRatio"],
    shape: aspectRatioShape,
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    description: "width to height, where one of them is missing",
  },
  dpr: {
    sdk: ["dpr"],
    shape: pixelRatioShape,
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    standard: "1",
    description: "multiplies width and height; `auto` follows the client's hint",
  },
  c: {
    sdk: ["crop"],
    shape: keywordShape([
      "maintain_ratio",
      "maintain_ratio_no_enlarge",
      "force",
      "at_max",
      "at_max_enlarge",
      "at_least",
    ]),
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    standard: "maintain_ratio",
    description: "how the picture fills width and height",
  },
  cm: {
    sdk: ["cropMode"],
    shape: keywordShape(["pad_resize", "pad_resize_no_enlarge", "extract", "pad_extract", "pad_extract_no_shrink"]),
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    description: "instead of `c`: padded, or cut at its own scale",
  },
  fo: {
    sdk: ["focus"],
    shape: focusShape,
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    standard: "center",
    description: "what stays in the picture when it is cut, or where it lies when it is padded",
  },
  x: {
    sdk: ["x"],
    shape: coordinate,
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    description: "left edge of the part that `cm-extract` cuts out",
  },
  y: {
    sdk: ["y"],
    shape: coordinate,
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    description: "top edge of that part",
  },
  xc: {
    sdk: ["xCenter"],
    shape: coordinate,
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    description: "horizontal centre of that part",
  },
  yc: {
    sdk: ["yCenter"],
    shape: coordinate,
    tier: "T1",
    media: everyMedium,
    layers: pictures,
    description: "vertical centre of that part",
  },
  z: {
    sdk: ["zoom"],
    shape: numberShape({ min: 0.01, max: 100, digits: 6 }),
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    standard: "1",
    description: "how close to a face or thing: below 1 wider, above 1 tighter",
  },
  bg: {
    sdk: ["background"],
    shape: backgroundShape,
    tier: "T1",
    beyond: { values: "`genfill`", tier: "T3", includes: ({ kind }: Background) => kind === "generated" },
    media: everyMedium,
    layers: ["image", "canvas", "text", "video", "subtitles"],
    standard: "000000",
    description: "what fills padding and corners, and what transparent pictures are laid upon",
  },
} as const satisfies AnyParameterRecords;
