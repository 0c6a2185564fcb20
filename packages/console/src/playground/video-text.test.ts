import { expect, test } from "vitest";
import { stepsIn, textOf } from "./steps.ts";
import { stillText, trimOf, withTrim } from "./video-text.ts";

test.each([
  ["w-640", "so-2.5:w-640"],
  ["w-640,so-1,eo-3,f-webm,vc-vp9,ac-none,q-40", "so-2.5:w-640"],
  ["so-1", "so-2.5"],
  ["l-text,i-Hi,lso-1,leo-2,l-end", "so-2.5:l-text,i-Hi,l-end"],
  ["w-9,l-video,i-a.mp4,l-end:rt-90", "so-2.5:w-9:rt-90"],
])("a still shows of %s what a picture can have", (text, expected) => {
  expect(stillText(stepsIn(text), 2.5)).toBe(expected);
});

test.each([
  ["w-9", { start: 0, end: 10 }],
  ["so-2", { start: 2, end: 10 }],
  ["so-2,du-3", { start: 2, end: 5 }],
  ["so-2,du-3,eo-4.5", { start: 2, end: 4.5 }],
  ["w-9:so-2:so-3", { start: 3, end: 10 }],
  ["so-2,eo-99", { start: 2, end: 10 }],
  ["so-5,eo-4", { start: 5, end: 5 }],
  ["so-idu_div_2", undefined],
])("of ten seconds, %s keeps %j", (text, expected) => {
  expect(trimOf(stepsIn(text), 10)).toEqual(expected);
});

test.each([
  ["w-9", 0, 10, "w-9"],
  ["w-9,so-1,du-2:h-3,eo-9", 2.123, 5, "w-9,so-2.12,eo-5:h-3"],
  ["so-4", 0, 10, ""],
])("%s with another part, %d to %d, is %s", (text, start, end, expected) => {
  expect(textOf(withTrim(stepsIn(text), { start, end }, 10))).toBe(expected);
});
