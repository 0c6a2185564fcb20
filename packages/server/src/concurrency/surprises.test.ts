import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ExpectedWork, Surprises, surprisesNow } from "./surprises.ts";
import type { Payers } from "./time-charges.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const payers = (client: string, ...files: string[]): Payers => ({ party: { account: "a", client }, files });
const surprising: ExpectedWork = { payers: payers("x", "f"), seemedCheap: true, isDear: true };

test("a client or file whose works were dear against expectation is doubted for a while", () => {
  const surprises = new Surprises();
  surprises.add(payers("x", "f"), 4000);
  const doubted = () =>
    [payers("x"), payers("y", "g", "f"), payers("y", "g")].map((each) => surprises.areLikely(each, []));
  expect(doubted()).toEqual([true, true, false]);
  vi.advanceTimersByTime(70_000);
  expect(doubted()).toEqual([false, false, false]);
});

test("one small surprise is none", () => {
  const surprises = new Surprises();
  surprises.add(payers("x", "f"), 400);
  expect(surprises.areLikely(payers("x", "f"), [])).toBe(false);
});

test.each([
  ["that surprises", {}, [true, true, false]],
  ["that is dear as expected", { seemedCheap: false }, [false, false, false]],
  ["that is cheap so far", { isDear: false }, [false, false, false]],
])("works of the client and of the files of a work %s are doubted meanwhile", (_, change, expected) => {
  const running = [{ ...surprising, ...change }];
  const surprises = new Surprises();
  const asked = [payers("x"), payers("y", "g", "f"), payers("y", "g")];
  expect(asked.map((each) => surprises.areLikely(each, running))).toEqual(expected);
  expect(asked.map((each) => surprisesNow(each, running))).toEqual([expected[0], false, false]);
});
