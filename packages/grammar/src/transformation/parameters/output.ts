import { densityVariables, type Variable } from "../expression.ts";
import { booleanShape, keywordShape } from "../values/keyword.ts";
import { numberShape, numericShape } from "../values/numeric.ts";
import { parameterRanges } from "../values/ranges.ts";
import { type AnyParameterRecords, everyMedium } from "./parameter-record.ts";

const density: ReadonlySet<Variable> = new Set(densityVariables);

/**
 * Parameters that say how the output is encoded. They apply to the last step's output, whichever step they are written
 * in (docs/protocol/transformations.md §2.2).
 */
export const outputParameters = {
  f: {
    sdk: ["format"],
    shape: keywordShape(["auto", "jpg", "png", "webp", "avif", "gif", "svg", "orig", "mp4", "webm"], { jpeg: "jpg" }),
    tier: "T1",
    media: everyMedium,
    layers: ["video"],
    standard: "auto",
    description: "format; `orig` keeps the source's",
  },
  q: {
    sdk: ["quality"],
    shape: numberShape(parameterRanges.q),
    tier: "T1",
    media: everyMedium,
    layers: ["image", "video"],
    standard: "80; for videos 50",
    description: "quality of lossy formats",
  },
  lo: {
    sdk: ["lossless"],
    shape: booleanShape,
    tier: "T1",
    media: ["image"],
    layers: [],
    standard: "false",
    description: "WebP and PNG without loss",
  },
  pr: {
    sdk: ["progressive"],
    shape: booleanShape,
    tier: "T1",
    media: ["image"],
    layers: [],
    standard: "false",
    description: "progressive JPEG",
  },
  cp: {
    sdk: ["colorProfile"],
    shape: booleanShape,
    tier: "T1",
    media: ["image"],
    layers: [],
    standard: "false",
    description: "keeps the colour profile",
  },
  md: {
    sdk: ["metadata"],
    shape: booleanShape,
    tier: "T1",
    media: ["image"],
    layers: [],
    standard: "false",
    description: "keeps all metadata, the colour profile included",
  },
  dn: {
    sdk: ["density"],
    shape: numericShape({ min: 1, max: 1200 }, () => density),
    tier: "T1",
    media: ["image"],
    layers: [],
    description: "density in dots per inch that the file claims",
  },
  c2pa: {
    sdk: [],
    shape: booleanShape,
    tier: "T1",
    media: ["image"],
    layers: [],
    description: "content credentials; has no effect",
  },
} as const satisfies AnyParameterRecords;
