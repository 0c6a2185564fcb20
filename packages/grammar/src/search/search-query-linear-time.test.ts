import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StepCounter, startCounting } from "../testing/count-steps.ts";
import { cpuTime } from "../testing/cpu-time.ts";
import { searchBounds } from "./search-bounds.ts";
import { searchPromises } from "./testing/search-promises.ts";
import { repeatedSearch } from "./testing/search-texts.ts";

let counter: StepCounter;
beforeAll(async () => {
  counter = await startCounting();
});
afterAll(() => counter.stop());

describe.each(repeatedSearch)("%s", (_, repeat) => {
  test("eight times as much takes about eight times as many steps", async () => {
    const steps = await counter.count(() => void searchPromises(repeat(100)));
    const more = await counter.count(() => void searchPromises(repeat(800)));
    expect(steps).toBeGreaterThan(2);
    // The counts of compiled code aren't exact. Anything worse than linear takes more than twenty times as many steps.
    expect(more).toBeLessThan(12 * steps);
  });

  // Counting our own steps doesn't show the work of the engine's string functions and regular expressions.
  test("the longest text is read in a moment", () => {
    const text = repeat(Math.ceil(searchBounds.characters / (repeat(2).length - repeat(1).length)) + 1);
    const query = text.slice(0, searchBounds.characters);
    expect(cpuTime(() => void searchPromises(query))).toBeLessThan(200);
    expect(cpuTime(() => void searchPromises(`${query}${text.repeat(100)}`))).toBeLessThan(50);
  });
});
