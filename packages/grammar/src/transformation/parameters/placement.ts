import { durationShape } from "../values/duration.ts";
import { positionShape } from "../values/focus.ts";
import { keywordShape } from "../values/keyword.ts";
import { offsetShape } from "../values/size.ts";
import { type AnyParameterRecords, layerKinds } from "./parameter-record.ts";

const visible = ["image", "canvas", "text", "video"] as const;

/** Parameters that place a layer on its parent (docs/protocol/transformations.md §6.2). */
export const placementParameters = {
  lx: {
    sdk: ["x"],
    shape: offsetShape,
    tier: "T1",
    media: [],
    layers: visible,
    description: "left edge; negative from the right",
  },
  ly: {
    sdk: ["y"],
    shape: offsetShape,
    tier: "T1",
    media: [],
    layers: visible,
    description: "top edge; negative from the bottom",
  },
  lxc: {
    sdk: ["xCenter"],
    shape: offsetShape,
    tier: "T1",
    media: [],
    layers: visible,
    description: "horizontal centre, instead of `lx`",
  },
  lyc: {
    sdk: ["yCenter"],
    shape: offsetShape,
    tier: "T1",
    media: [],
    layers: visible,
    description: "vertical centre, instead of `ly`",
  },
  lap: {
    sdk: ["anchorPoint"],
    shape: positionShape,
    tier: "T1",
    media: [],
    layers: visible,
    standard: "top_left",
    description: "point of the parent from which the offsets count",
  },
  lfo: {
    sdk: ["focus"],
    shape: positionShape,
    tier: "T1",
    media: [],
    layers: visible,
    standard: "center",
    description: "where it lies when there are no offsets",
  },
  lm: {
    sdk: ["layerMode"],
    shape: keywordShape(["multiply", "cutout", "cutter", "displace"], { displacement: "displace" }),
    tier: "T1",
    media: [],
    layers: visible,
    description: "how its pixels and the parent's are combined",
  },
  lso: {
    sdk: ["start"],
    shape: durationShape,
    tier: "video",
    media: [],
    layers: layerKinds,
    description: "when it appears on a video, in seconds",
  },
  leo: {
    sdk: ["end"],
    shape: durationShape,
    tier: "video",
    media: [],
    layers: layerKinds,
    description: "when it disappears",
  },
  ldu: {
    sdk: ["duration"],
    shape: durationShape,
    tier: "video",
    media: [],
    layers: layerKinds,
    description: "how long it is seen, where `leo` isn't given",
  },
} as const satisfies AnyParameterRecords;
