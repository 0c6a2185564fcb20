import { labels } from "@sluice/auto-tagging";
import { detectableObjects } from "@sluice/grammar";
import { expect, test } from "vitest";
import { urlName } from "./search-picture.ts";

test("each object that a URL may name is one that the model finds", () => {
  expect(new Set(labels.map(urlName))).toEqual(detectableObjects);
});
