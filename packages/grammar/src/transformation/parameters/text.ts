import { colorShape, colorThenSizeShape, sizeThenColorShape } from "../values/color.ts";
import { keywordShape, wordSetShape } from "../values/keyword.ts";
import { numberShape, numericShape } from "../values/numeric.ts";
import { paddingShape } from "../values/padding.ts";
import { fontShape } from "../values/path.ts";
import { parameterRanges } from "../values/ranges.ts";
import type { AnyParameterRecords } from "./parameter-record.ts";

/** Parameters of text and subtitles (docs/protocol/transformations.md §6.2, §7.3). */
export const textParameters = {
  fs: {
    sdk: ["fontSize"],
    shape: numericShape(parameterRanges.fs),
    tier: "T1",
    media: [],
    layers: ["text", "subtitles"],
    standard: "45",
    description: "font size in pixels",
  },
  ff: {
    sdk: ["fontFamily"],
    shape: fontShape,
    tier: "T1",
    media: [],
    layers: ["text", "subtitles"],
    standard: "Open Sans",
    description: "font",
  },
  co: {
    sdk: ["fontColor", "color"],
    shape: colorShape,
    tier: "T1",
    media: [],
    layers: ["text", "subtitles"],
    standard: "black",
    description: "colour of the text",
  },
  ia: {
    sdk: ["innerAlignment"],
    shape: keywordShape(["left", "right", "center"]),
    tier: "T1",
    media: [],
    layers: ["text"],
    standard: "center",
    description: "alignment of the lines",
  },
  pa: {
    sdk: ["padding"],
    shape: paddingShape,
    tier: "T1",
    media: [],
    layers: ["text"],
    standard: "0",
    description: "padding around the text",
  },
  al: {
    sdk: ["alpha"],
    shape: numberShape(parameterRanges.al),
    tier: "T1",
    media: [],
    layers: ["text", "canvas"],
    description: "opacity in tenths, where the colour is hex without opacity",
  },
  tg: {
    sdk: ["typography"],
    shape: wordSetShape(["b", "i", "strikethrough"]),
    tier: "T1",
    media: [],
    layers: ["text", "subtitles"],
    description: "bold, italic, struck through",
  },
  lh: {
    sdk: ["lineHeight"],
    shape: numericShape(parameterRanges.lh),
    tier: "T1",
    media: [],
    layers: ["text"],
    description: "height of a line in pixels",
  },
  fol: {
    sdk: ["fontOutline"],
    shape: sizeThenColorShape,
    tier: "video",
    media: [],
    layers: ["subtitles"],
    description: "outline of subtitles",
  },
  fsh: {
    sdk: ["fontShadow"],
    shape: colorThenSizeShape,
    tier: "video",
    media: [],
    layers: ["subtitles"],
    description: "shadow of subtitles",
  },
} as const satisfies AnyParameterRecords;
