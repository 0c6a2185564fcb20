import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { estimateMs } from "./estimate-ms.ts";

const MB = 1e6;

test("a thumbnail of a photograph is cheap, and a large blurred picture is dear", () => {
  expect(estimateMs(3 * MB, parseTransformation("w-400"))).toBeLessThan(100);
  expect(estimateMs(3 * MB, parseTransformation("w-4000,h-3000,bl-100"))).toBeGreaterThan(1000);
});

test("what follows from the source counts as nothing", () => {
  expect(estimateMs(MB, parseTransformation("w-0.5:h-iw_div_2"))).toBeCloseTo(10);
});
