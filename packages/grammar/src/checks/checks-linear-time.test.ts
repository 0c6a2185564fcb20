import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StepCounter, startCounting } from "../testing/count-steps.ts";
import { evaluateChecks } from "./evaluate.ts";
import { parseChecks } from "./parse.ts";
import { checkPromises } from "./testing/checks-promises.ts";
import { repeatedChecks } from "./testing/checks-texts.ts";
import { sampleFields } from "./testing/sample-facts.ts";

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
    // The counts of compiled code aren't exact. Anything worse than linear takes more than twenty times as many steps.
    expect(more).toBeLessThan(12 * steps);
  });
});

const conditions = (count: number, condition: string): string => Array(count).fill(condition).join(" AND ");

/** Texts and lists that grow with the same number. */
const repeatedFacts: readonly (readonly [string, (count: number) => string])[] = [
  ["conditions on a list", (count) => conditions(count, `"request.tags" NOT IN ["z"]`)],
  ["conditions on options", (count) => conditions(count, `"request.customMetadata.sizes" NOT IN [s, "z"]`)],
  ["conditions on a folder", (count) => conditions(count, `"request.folder" : "/a"`)],
  ["conditions on a label", (count) => conditions(count, `"file.mime" : "a"`)],
];

test.each(repeatedFacts)(
  "eight times as many %s eight times as long take eight times as many steps",
  async (_, text) => {
    const judge = (count: number) => {
      const checks = parseChecks(text(count), sampleFields);
      const list = Array.from({ length: count }, (_value, index) => `${index}`);
      const facts = (field: string) => (/tags|sizes/.test(field) ? list : `${"/".repeat(count)}a${"/".repeat(count)}`);
      return counter.count(() => void evaluateChecks(checks, facts));
    };
    expect(await judge(2000)).toBeLessThan(12 * (await judge(250)));
  },
);

test("what makes a nested expression fail is found in one pass, however deep it lies", async () => {
  const nested = (depth: number) =>
    `${"(".repeat(depth)}${conditions(1000, `"file.size" > 1`)} AND "file.size" > 9${`) AND "file.size" > 1`.repeat(depth)}`;
  const judge = (depth: number) => {
    const checks = parseChecks(nested(depth));
    return counter.count(() => {
      expect(evaluateChecks(checks, () => 5)).toEqual({ outcome: "fails", condition: `"file.size" > 9` });
    });
  };
  expect(await judge(60)).toBeLessThan(2 * (await judge(1)));
});
