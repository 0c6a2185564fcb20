import { expect, test } from "vitest";
import { cpuTime } from "../testing/cpu-time.ts";
import { readAndPrint } from "./testing/promises.ts";
import { countFor, hostileRepetitions } from "./testing/repetitions.ts";
import { transformationBounds } from "./transformation-bounds.ts";

/** The maximum length that is read, and eight times the maximum of a request's line and headers (docs/limits.md). */
const lengths = [transformationBounds.characters.max, 256 * 1024];

// Counting our own steps doesn't show the work of the engine's string functions and regular expressions.
test.each(hostileRepetitions)("whatever the length of %s, it is read and printed in a moment", (_, repeat) => {
  for (const length of lengths) {
    const text = repeat(countFor(repeat, length));
    expect(cpuTime(() => readAndPrint(text))).toBeLessThan(1500);
  }
});
