import { expect, test } from "vitest";
import { findDemands, refuseBeyond } from "./demands.ts";
import type { Tier } from "./parameters/parameter-record.ts";
import { transformationParameters } from "./parameters/parameters.ts";
import { parseTransformation } from "./parse.ts";
import { TransformationError } from "./transformation-error.ts";

const demandsOf = (text: string, medium: "image" | "video" = "image"): string =>
  findDemands(parseTransformation(text), medium)
    .map(({ tier, what }) => `${tier} ${what}`)
    .join(", ");

test.each([
  ["w-300,h-200,fo-auto,bg-blurred,r-max,b-5_red,fl-h,e-usm:rt-90,q-20,pg-2", ""],
  ["w-iw_div_2,b-ih_div_9_red,dn-idn_div_2", ""],
  ["fo-face", ""],
  ["fo-car_dog", ""],
  ["pg-1_3", ""],
  ["e-shadow,e-distort-a-3,cr-red,e-colorize,e-gradient", ""],
  ["e-bgremove:w-2", "T3 e-bgremove"],
  ["bg-genfill", "T3 bg-genfill"],
  ["if-w_gt_2,w-2,if-else,bl-3:e-upscale,if-end", "T3 e-upscale"],
  ["l-image,i-ik_canvas,bg-red,l-end", ""],
  ["l-image,i-a,e-bgremove,l-text,i-b,fs-20,l-end,l-end", "T3 e-bgremove"],
  ["l-text,i-a,fs-20,ff-fonts@@own.ttf,co-red,ia-left,pa-9,tg-b,lh-30,al-5,l-end", ""],
  ["l-video,i-a,vc-h264,l-end", "video l-video, video vc"],
  // Parameters that have no effect on an image.
  ["vc-h264,so-3,sr-240", ""],
])("%s asks for %j of an image", (text, expected) => {
  expect(demandsOf(text)).toBe(expected);
});

test("a video takes what images don't, and the reverse", () => {
  expect(demandsOf("vc-h264,so-3,w-2,cr-red", "video")).toBe("video vc, video so");
});

test.each([
  ["w-300", undefined],
  ["w-300:e-shadow", undefined],
  ["l-text,i-a,l-end", undefined],
  ["w-10:pg-2-", undefined],
  ["ar-iw_div_2,w-3", undefined],
  ["e-upscale", "AI transformation not available"],
])("with the first tier alone, %s is refused as %s", (text, message) => {
  const refuse = (): void => refuseBeyond(parseTransformation(text), "image", ["T1"]);
  if (message === undefined) expect(refuse).not.toThrow();
  else expect(refuse).toThrow(expect.objectContaining({ name: TransformationError.name, message }));
});

test("whatever tiers there are, they have parameters or values, and every layer's parameter is one of some layer", () => {
  const records = Object.values(transformationParameters);
  const tiered: readonly { tier: Tier; beyond?: { tier: Tier } }[] = records;
  const tiers = tiered.flatMap(({ tier, beyond }) => [tier, ...(beyond === undefined ? [] : [beyond.tier])]);
  expect(new Set(tiers)).toEqual(new Set(["T1", "T3", "video"]));
  expect(records.filter(({ media, layers }) => media.length + layers.length === 0)).toEqual([]);
});
