import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { neededDetections } from "./needed-detections.ts";
import { readTransformation } from "./read-transformation.ts";

function detectionsOf(text: string): readonly string[] {
  return neededDetections(readTransformation(parseTransformation(text))).map(({ detection }) => detection);
}

test.each([
  ["w-20,h-20,fo-face", ["faces"]],
  ["w-20,h-20,c-maintain_ratio_no_enlarge,fo-dog", ["objects"]],
  ["w-20,h-20,cm-extract,fo-face:fo-dog", ["faces", "objects"]],
  ["ar-1-1,fo-face", ["faces"]],
  ["w-20,ar-1-1,fo-face", ["faces"]],
  // A coordinate counts for an extract of a known size alone.
  ["cm-extract,x-1,fo-face", ["faces"]],
  ["w-20,h-20,x-1,fo-face", ["faces"]],
  // Without a client's hint, this asks for no size.
  ["w-auto,fo-face", ["faces"]],
  // Arithmetic may give a number that counts as no size.
  ["w-iw_div_2,fo-face", ["faces"]],
  ["w-iw_div_2,h-9,cm-extract,x-1,fo-face", ["faces"]],
  ["if-iw_gt_9,w-20,h-20,fo-face,if-end", ["faces"]],
  ["l-image,i-a.png,w-20,h-20,fo-dog,l-end", ["objects"]],
])("%s searches the picture", (text, detections) => {
  expect(detectionsOf(text)).toEqual(detections);
});

test.each([
  "w-20,h-20",
  "w-20,h-20,fo-auto",
  "w-20,h-20,cm-pad_resize,fo-face",
  "w-20,h-20,c-force,fo-dog",
  "w-20,fo-face",
  "h-0.5,fo-face",
  "w-20,h-99999,fo-dog",
  "w-20,cm-extract,x-1,fo-face",
  "w-20,h-20,cm-extract,x-0,y-0,fo-face",
  "w-auto,h-20,cm-extract,yc-9,fo-dog",
  "if-iw_gt_9,w-20,fo-face,if-end",
  "l-image,i-a.png,w-20,fo-face,l-end",
])("%s searches nothing, since the crop goes by nothing that would be found", (text) => {
  expect(detectionsOf(text)).toEqual([]);
});
