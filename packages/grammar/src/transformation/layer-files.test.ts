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
  const none = new Set();
  const files = { pictures: new Set(pictures), videos: none, subtitles: none, fonts: new Set(fonts) };
  expect(layerFilesIn(parseTransformation(text))).toEqual(files);
});

test("layers of videos need videos, pictures on these, subtitles and fonts of these", () => {
  const text = "l-video,i-a.mp4,l-image,i-b.png,l-end,l-end,l-subtitles,i-c.srt,ff-own.ttf,l-end";
  expect(layerFilesIn(parseTransformation(text))).toEqual({
    pictures: new Set(["b.png"]),
    videos: new Set(["a.mp4"]),
    subtitles: new Set(["c.srt"]),
    fonts: new Set(["own.ttf"]),
  });
});
