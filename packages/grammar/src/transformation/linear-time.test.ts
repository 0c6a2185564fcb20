import { afterAll, beforeAll, expect, test } from "vitest";
import { type StepCounter, startCounting } from "../testing/count-steps.ts";
import { readAndPrint } from "./testing/promises.ts";
import { hostileRepetitions } from "./testing/repetitions.ts";

let counter: StepCounter;
beforeAll(async () => {
  counter = await startCounting();
});
afterAll(() => counter.stop());

test.each(hostileRepetitions)("eight times as much of %s takes about eight times as many steps", async (_, repeat) => {
  const steps = await counter.count(() => readAndPrint(repeat(1000)));
  const more = await counter.count(() => readAndPrint(repeat(8000)));
  expect(steps).toBeGreaterThan(2);
  // Compiled code isn't counted to the last step; anything worse than linear takes more than twenty times as many.
  expect(more).toBeLessThan(12 * steps);
});
