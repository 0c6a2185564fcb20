import { booleanShape } from "../values/keyword.ts";
import { pageShape } from "../values/page.ts";
import { nameShape, pathShape } from "../values/path.ts";
import { type AnyParameterRecords, everyMedium } from "./parameter-record.ts";

/** Parameters that choose the source of the pixels (docs/protocol/transformations.md §6.1). */
export const sourceParameters = {
  n: {
    sdk: ["named"],
    shape: nameShape,
    tier: "T1",
    media: everyMedium,
    layers: [],
    description: "a named transformation",
  },
  di: {
    sdk: ["defaultImage"],
    shape: pathShape,
    tier: "T1",
    media: everyMedium,
    layers: [],
    description: "what is delivered where the file is missing",
  },
  orig: {
    sdk: ["original"],
    shape: booleanShape,
    tier: "T1",
    media: everyMedium,
    layers: [],
    standard: "false",
    description: "the stored bytes; every other parameter is ignored",
  },
  pg: {
    sdk: ["page"],
    shape: pageShape,
    tier: "T1",
    media: ["image"],
    layers: ["image"],
    standard: "1",
    description: "page, frame or layers of a file that has several",
  },
} as const satisfies AnyParameterRecords;
