import { durationShape } from "../values/duration.ts";
import { keywordShape } from "../values/keyword.ts";
import { rungsShape } from "../values/streaming.ts";
import type { AnyParameterRecords } from "./parameter-record.ts";

/** Parameters that only videos have (docs/protocol/transformations.md §7). */
export const videoParameters = {
  vc: {
    sdk: ["videoCodec"],
    shape: keywordShape(["h264", "vp9", "av1", "none"]),
    tier: "video",
    media: ["video"],
    layers: ["video"],
    standard: "by format",
    description: "video codec; `none` leaves the sound alone",
  },
  ac: {
    sdk: ["audioCodec"],
    shape: keywordShape(["aac", "opus", "none"]),
    tier: "video",
    media: ["video"],
    layers: ["video"],
    standard: "by format",
    description: "audio codec; `none` is mute",
  },
  so: {
    sdk: ["startOffset"],
    shape: durationShape,
    tier: "video",
    media: ["video"],
    layers: ["video"],
    description: "where it begins, in seconds; of a thumbnail, its time",
  },
  eo: {
    sdk: ["endOffset"],
    shape: durationShape,
    tier: "video",
    media: ["video"],
    layers: ["video"],
    description: "where it ends, in seconds",
  },
  du: {
    sdk: ["duration"],
    shape: durationShape,
    tier: "video",
    media: ["video"],
    layers: ["video"],
    description: "how long it is, in seconds, where `eo` isn't given",
  },
  sr: {
    sdk: ["streamingResolutions"],
    shape: rungsShape,
    tier: "video",
    media: ["video"],
    layers: [],
    description: "rungs of an adaptive stream",
  },
} as const satisfies AnyParameterRecords;
