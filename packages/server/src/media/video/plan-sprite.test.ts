import { expect, test } from "vitest";
import { planSprite, spritePlaces } from "./plan-sprite.ts";

const box = { width: 160, height: 160 };

test.each([
  [0.2, 1, 1, 1],
  [3, 6, 6, 1],
  [7.3, 14, 10, 2],
  [7200, 100, 10, 10],
])("a video of %d s has %i stills", (duration, count, columns, rows) => {
  expect(planSprite({ width: 1920, height: 1080, duration }, box)).toMatchObject({ count, columns, rows });
});

test("only what is cheap to decode is decoded whole", () => {
  expect(planSprite({ width: 1920, height: 1080, duration: 60 }, box).isSparse).toBe(false);
  expect(planSprite({ width: 1920, height: 1080, duration: 61 }, box).isSparse).toBe(true);
  expect(planSprite({ width: 320, height: 180, duration: 600 }, box).isSparse).toBe(false);
});

test("tiles keep the shape of the video", () => {
  expect(planSprite({ width: 1080, height: 1920, duration: 1 }, box).tile).toEqual({ width: 90, height: 160 });
  expect(planSprite({ width: 8000, height: 4, duration: 1 }, box).tile).toEqual({ width: 160, height: 2 });
});

test("what doesn't tell its size or its time has no sprite", () => {
  expect(() => planSprite({ duration: 3 }, box)).toThrow("no picture");
  expect(() => planSprite({ width: 3, height: 3 }, box)).toThrow("how long");
});

test("the last place ends with the video, hours after its begin", () => {
  const text = spritePlaces(planSprite({ width: 160, height: 90, duration: 7200.25 }, box), "ik-sprite.jpg");
  expect(text.trimEnd().split("\n").slice(-2)).toEqual([
    "01:58:48.247 --> 02:00:00.250",
    "ik-sprite.jpg#xywh=1440,810,160,90",
  ]);
});
