import { flagShape } from "../values/keyword.ts";
import { promptShape } from "../values/prompt.ts";
import type { AnyParameterRecords } from "./parameter-record.ts";

/** Parameters that need a model which generates or segments (docs/protocol/transformations.md §6.4). */
export const modelParameters = {
  "e-bgremove": {
    sdk: ["aiRemoveBackground"],
    shape: flagShape,
    tier: "T3",
    media: ["image"],
    layers: ["image"],
    description: "removes the background",
  },
  "e-removedotbg": {
    sdk: ["aiRemoveBackgroundExternal"],
    shape: flagShape,
    tier: "T3",
    media: ["image"],
    layers: ["image"],
    description: "removes the background, by another provider",
  },
  "e-changebg": {
    sdk: ["aiChangeBackground"],
    shape: promptShape,
    tier: "T3",
    media: ["image"],
    layers: [],
    description: "changes the background",
  },
  "e-edit": {
    sdk: ["aiEdit"],
    shape: promptShape,
    tier: "T3",
    media: ["image"],
    layers: [],
    description: "edits the picture",
  },
  "e-retouch": {
    sdk: ["aiRetouch"],
    shape: flagShape,
    tier: "T3",
    media: ["image"],
    layers: [],
    description: "retouches",
  },
  "e-upscale": {
    sdk: ["aiUpscale"],
    shape: flagShape,
    tier: "T3",
    media: ["image"],
    layers: [],
    description: "enlarges to 16 megapixels",
  },
  "e-genvar": {
    sdk: ["aiVariation"],
    shape: flagShape,
    tier: "T3",
    media: ["image"],
    layers: [],
    description: "makes a variation",
  },
} as const satisfies AnyParameterRecords;
