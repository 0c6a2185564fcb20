import { expect, test } from "vitest";
import { layerFilesIn } from "./layer-files.ts";
import { parseTransformation } from "./parse.ts";

test.each([
  ["w-3", [], []],
  ["l-image,i-a@@b.png,l-end:l-image,i-c,l-image,i-d,l-end,l-end", ["a/b.png", "c", "d"], []],
  ["l-image,i-ik_canvas,l-text,i-x,ff-fonts@@own,l-end,l-end", [], ["fonts/own"]],
  ["if-w_gt_2,l-text,i-x,ff-own.ttf,l-end,if-else,l-image,i-a,l-end,if-end", ["a"], ["own.ttf"]],
  ["l-text,i-x,ff-Lato,l-end,l-text,i-x,l-end", [], []],
  ["l-text,i-x,ff-one.ttf:ff-two.OTF:w-3,l-end", [], ["two.OTF"]],
  ["l-text,i-x,ff-one.ttf:ff-Lato,l-end", [], []],
])("%s needs the pictures %j and the fonts %j", (text, pictures, fonts) => {
  expect(layerFilesIn(parseTransformation(text))).toEqual({ pictures: new Set(pictures), fonts: new Set(fonts) });
});
