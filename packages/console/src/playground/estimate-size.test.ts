import { expect, test } from "vitest";
import { estimateSize } from "./estimate-size.ts";
import { stepsIn } from "./steps.ts";

const video = {
  width: 1280,
  height: 720,
  seconds: 60,
  hasSound: true,
  originalBitRate: undefined,
  originalPixels: undefined,
};
const of = (text: string, more: object = {}) => estimateSize({ ...video, steps: stepsIn(text), ...more });

test("a minute of 720p takes some megabytes", () => {
  expect(of("w-1280")).toBeGreaterThan(5e6);
  expect(of("w-1280")).toBeLessThan(20e6);
});

test("less quality, a newer codec and no sound take less, and more time takes more", () => {
  for (const text of ["q-20", "f-webm", "ac-opus", "vc-av1", "ac-none"])
    expect([text, of(text) < of("")]).toEqual([text, true]);
  expect(of("", { seconds: 120 })).toBe(2 * of(""));
});

test("nothing takes more than the original, pixel for pixel", () => {
  expect(of("ac-none", { originalBitRate: 100_000, originalPixels: 1280 * 720 })).toBe((100_000 * 60) / 8);
});
