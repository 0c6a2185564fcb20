import { colorReplacementShape } from "../values/color.ts";
import { distortionShape } from "../values/distortion.ts";
import { borderShape, flipShape, radiusShape, rotationShape, trimShape } from "../values/frame.ts";
import { flagShape } from "../values/keyword.ts";
import { numberShape } from "../values/numeric.ts";
import { parameterRanges } from "../values/ranges.ts";
import { dropShadowShape, shadowShape } from "../values/shadows.ts";
import { sharpenShape, unsharpMaskShape } from "../values/sharpness.ts";
import { colorizeShape, gradientShape } from "../values/tints.ts";
import { type AnyParameterRecords, everyMedium } from "./parameter-record.ts";

/** Parameters that change the pixels (docs/protocol/transformations.md §6.1, §6.3). */
export const effectParameters = {
  t: {
    sdk: ["trim"],
    shape: trimShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    standard: "false; in layers true",
    description: "cuts off edges of one colour; a number is how far from it they may be, in percent",
  },
  "e-contrast": {
    sdk: ["contrastStretch"],
    shape: flagShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "stretches the contrast",
  },
  cr: {
    sdk: ["colorReplace"],
    shape: colorReplacementShape,
    tier: "T1",
    media: ["image"],
    layers: [],
    description: "replaces a colour, the dominant one unless `from` names another",
  },
  "e-colorize": {
    sdk: ["colorize"],
    shape: colorizeShape,
    tier: "T1",
    media: ["image"],
    layers: [],
    description: "tints",
  },
  "e-grayscale": {
    sdk: ["grayscale"],
    shape: flagShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "takes the colours out",
  },
  bl: {
    sdk: ["blur"],
    shape: numberShape(parameterRanges.bl),
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "blurs",
  },
  "e-sharpen": {
    sdk: ["sharpen"],
    shape: sharpenShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "sharpens; 50 when bare",
  },
  "e-usm": {
    sdk: ["unsharpMask"],
    shape: unsharpMaskShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "sharpens by an unsharp mask; `2-2-0.8-0.024` when bare",
  },
  "e-gradient": {
    sdk: ["gradient"],
    shape: gradientShape,
    tier: "T1",
    media: ["image"],
    layers: ["image", "canvas"],
    description: "lays a linear gradient over the picture; white to transparent, downwards, when bare",
  },
  "e-shadow": {
    sdk: ["shadow"],
    shape: shadowShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "lays a shadow under a transparent picture; `bl-10_st-30_x-2_y-2` when bare",
  },
  "e-dropshadow": {
    sdk: ["aiDropShadow"],
    shape: dropShadowShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "lays the shadow of a transparent picture on the ground behind it; `az-215_el-45_st-60` when bare",
  },
  "e-distort": {
    sdk: ["distort"],
    shape: distortionShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    description: "moves the corners, or bends the picture",
  },
  fl: {
    sdk: ["flip"],
    shape: flipShape,
    tier: "T1",
    media: everyMedium,
    layers: ["image", "text", "video"],
    description: "mirrors horizontally, vertically or both",
  },
  rt: {
    sdk: ["rotation"],
    shape: rotationShape,
    tier: "T1",
    media: everyMedium,
    layers: ["image", "text", "video"],
    description: "rotates; angles other than right ones make the picture larger",
  },
  b: {
    sdk: ["border"],
    shape: borderShape,
    tier: "T1",
    media: everyMedium,
    layers: ["image", "video"],
    description: "a frame around the picture",
  },
  r: {
    sdk: ["radius"],
    shape: radiusShape,
    tier: "T1",
    media: everyMedium,
    layers: ["image", "canvas", "text", "video"],
    description: "rounds the corners",
  },
  o: {
    sdk: ["opacity"],
    shape: numberShape(parameterRanges.o),
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    standard: "100",
    description: "opacity in percent",
  },
} as const satisfies AnyParameterRecords;
