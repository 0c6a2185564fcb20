import { afterAll, beforeAll, expect, test } from "vitest";
import { type StepCounter, startCounting } from "../testing/count-steps.ts";
import { readAndPrint } from "./testing/promises.ts";
import { countFor, countWithinBounds, hostileRepetitions } from "./testing/repetitions.ts";
import { transformationBounds } from "./transformation-bounds.ts";

let counter: StepCounter;
beforeAll(async () => {
  counter = await startCounting();
});
afterAll(() => counter.stop());

test.each(hostileRepetitions)("eight times as much of %s takes about eight times as many steps", async (_, repeat) => {
  // The texts stay within the bounds, because nothing beyond the bounds is read.
  const some = Math.floor(countWithinBounds(repeat) / 8);
  const steps = await counter.count(() => readAndPrint(repeat(some)));
  const more = await counter.count(() => readAndPrint(repeat(8 * some)));
  expect(steps).toBeGreaterThan(2);
  // The counts of compiled code aren't exact. Anything worse than linear takes more than twenty times as many steps.
  expect(more).toBeLessThan(12 * steps);
});

test.each(hostileRepetitions)(
  "however long a text of %s is, it takes no more steps to read or refuse",
  async (_, repeat) => {
    for (const length of [transformationBounds.characters.max, 32 * 1024]) {
      const text = repeat(countFor(repeat, length));
      // The text that takes the most steps takes 125,000 to 156,000: V8 counts code less exactly once it is compiled.
      // Without bounds, most texts of the second length would take more than the limit here.
      expect(await counter.count(() => readAndPrint(text))).toBeLessThan(200_000);
    }
  },
);
