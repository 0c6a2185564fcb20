import { expect, test } from "vitest";
import { cpuTime } from "../testing/cpu-time.ts";
import { checkPromises } from "./testing/checks-promises.ts";
import { repeatedChecks } from "./testing/checks-texts.ts";

/** Four times the maximum length of a text field (docs/limits.md). */
const length = 256 * 1024;

// Counting our own steps doesn't show the work of the engine's string functions and regular expressions.
test.each(repeatedChecks)("a quarter of a megabyte of %s is read and judged in a moment", (_, repeat) => {
  const text = repeat(Math.ceil(length / (repeat(2).length - repeat(1).length)));
  expect(cpuTime(() => void checkPromises(text))).toBeLessThan(1500);
});
