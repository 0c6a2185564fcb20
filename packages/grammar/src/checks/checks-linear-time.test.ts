import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StepCounter, startCounting } from "../testing/count-steps.ts";
import { checkPromises } from "./testing/checks-promises.ts";
import { repeatedChecks } from "./testing/checks-texts.ts";

let counter: StepCounter;
beforeAll(async () => {
  counter = await startCounting();
});
afterAll(() => counter.stop());

describe.each(repeatedChecks)("%s", (_, repeat) => {
  test("eight times as much takes about eight times as many steps", async () => {
    const steps = await counter.count(() => void checkPromises(repeat(500)));
    const more = await counter.count(() => void checkPromises(repeat(4000)));
    expect(steps).toBeGreaterThan(2);
    // Compiled code isn't counted to the last step; anything worse than linear takes more than twenty times as many.
    expect(more).toBeLessThan(12 * steps);
  });
});
