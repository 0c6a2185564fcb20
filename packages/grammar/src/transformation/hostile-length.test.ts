import { expect, test } from "vitest";
import { cpuTime } from "../testing/cpu-time.ts";
import { readAndPrint } from "./testing/promises.ts";
import { hostileRepetitions } from "./testing/repetitions.ts";

/** Eight times what a request's line and headers can hold (docs/limits.md). */
const length = 256 * 1024;

// Counting our own steps doesn't see what the engine's string functions and regular expressions do.
test.each(hostileRepetitions)("a quarter of a megabyte of %s is read and printed in a moment", (_, repeat) => {
  const text = repeat(Math.ceil(length / (repeat(2).length - repeat(1).length)));
  expect(cpuTime(() => readAndPrint(text))).toBeLessThan(1500);
});
