import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { estimateMs } from "./estimate-ms.ts";

const MB = 1e6;

/** Photographs of 12 megapixels and 2 MB took these times on one core, when others had the other core. */
test.each([
  ["w-400,f-jpg", 30],
  ["w-400", 33],
  ["w-400,f-avif", 265],
  ["w-1600,f-jpg", 160],
  ["w-1600,f-webp", 265],
  ["w-1600,f-avif", 950],
  ["w-1600,f-png", 340],
  ["w-1600,f-jpg,bl-100", 190],
  ["w-1600,f-jpg,rt-45", 345],
  ["w-1600,f-jpg,e-sharpen", 430],
  ["w-1600,f-jpg,e-contrast", 350],
  ["w-1600,f-jpg,t-10", 1600],
  ["w-400,f-jpg,t-10", 1500],
  ["bl-100,f-jpg", 620],
  ["e-sharpen,f-jpg", 1350],
  ["f-avif", 1280],
  ["f-webp", 520],
  ["f-png", 1720],
  ["w-400:w-1600,f-jpg", 190],
])("%s takes about as long as it is estimated to", (text, measuredMs) => {
  const estimated = estimateMs(2 * MB, parseTransformation(text));
  expect(estimated).toBeGreaterThan(measuredMs / 2.5);
  expect(estimated).toBeLessThan(measuredMs * 2.5);
});

test("a large picture is dear, however little its source is", () => {
  expect(estimateMs(10_000, parseTransformation("w-4000,h-3000,bl-100"))).toBeGreaterThan(1000);
  expect(estimateMs(10_000, parseTransformation("w-1000,h-1000,dpr-5,e-sharpen"))).toBeGreaterThan(1000);
});

test("a layer costs something", () => {
  const text = "w-400,l-text,i-Hello,l-end";
  expect(estimateMs(MB, parseTransformation(text))).toBeGreaterThan(estimateMs(MB, parseTransformation("w-400")) + 30);
});
