import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import type { Payers } from "./used-time.ts";
import {
  CostOverruns,
  cheapMs,
  type ExpectedWork,
  expensiveMs,
  KnownCosts,
  mayBegin,
  overrunsNow,
  type WorkClass,
} from "./work-costs.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a work of which nothing is known costs what it is estimated to, and is unknown", () => {
  const costs = new KnownCosts();
  expect(costs.expect({})).toEqual({ ms: 0, isKnown: false });
  expect(costs.expect({ key: "k", files: ["f"], estimateMs: 40 })).toEqual({ ms: 40, isKnown: false });
});

test("a work that was expensive is known by its key, until it shows that it is cheap", () => {
  const costs = new KnownCosts();
  const work = { key: "k", files: ["f"], estimateMs: 40 };
  costs.learn(work, 4000);
  expect(costs.expect({ key: "k" })).toEqual({ ms: 4000, isKnown: true });
  costs.learn(work, 30);
  expect(costs.expect({ key: "k" })).toEqual({ ms: 0, isKnown: false });
});

test("a file that is expensive however little is asked of it is known as such", () => {
  const costs = new KnownCosts();
  costs.learn({ key: "small", files: ["bomb"], estimateMs: 40 }, 4000);
  expect(costs.expect({ key: "smaller", files: ["bomb"], estimateMs: 20 })).toEqual({ ms: 4000, isKnown: true });
  expect(costs.expect({ key: "both", files: ["bomb", "other"] })).toEqual({ ms: 4000, isKnown: false });
});

test.each([
  ["one that was estimated as expensive", { key: "large", files: ["photo"], estimateMs: 3000 }],
  ["one that wasn't, after a cheap one", { key: "overrun", files: ["photo"], estimateMs: 40 }],
])("an expensive work doesn't spoil a file's cheap ones: %s", (_, expensive) => {
  const costs = new KnownCosts();
  costs.learn({ key: "small", files: ["photo"], estimateMs: 40 }, 30);
  costs.learn(expensive, 4000);
  expect(costs.expect({ key: "another", files: ["photo"], estimateMs: 40 })).toEqual({ ms: 40, isKnown: true });
});

test("a work that is as expensive as it was estimated says nothing of its file", () => {
  const costs = new KnownCosts();
  costs.learn({ files: ["photo"], estimateMs: 3000 }, 4000);
  expect(costs.expect({ files: ["photo"], estimateMs: 40 })).toEqual({ ms: 40, isKnown: false });
});

test("a file that overran isn't expensive for good: one cheap work clears it", () => {
  const costs = new KnownCosts();
  costs.learn({ files: ["photo"], estimateMs: 40 }, expensiveMs);
  costs.learn({ files: ["photo"], estimateMs: 40 }, cheapMs - 1);
  expect(costs.expect({ files: ["photo"], estimateMs: 40 })).toEqual({ ms: 40, isKnown: true });
});

test("any number of works and files takes no more room: the oldest are forgotten", () => {
  const costs = new KnownCosts();
  for (let count = 0; count < 20_000; count++) costs.learn({ key: `k${count}`, files: [`f${count}`] }, 2000);
  expect(costs.expect({ key: "k0", files: ["f0"] }).isKnown).toBe(false);
  expect(costs.expect({ key: "k19999" }).ms).toBe(2000);
  expect(costs.size).toBeLessThanOrEqual(16_384);
});

const payers = (client: string, ...files: string[]): Payers => ({ party: { account: "a", client }, files });
const overrunning: ExpectedWork = { ...payers("x", "f"), seemedCheap: true, isExpensive: true };

test("a client or file whose works were expensive against expectation is doubted for a while", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const overruns = new CostOverruns();
  overruns.add(payers("x", "f"), 4000);
  const doubted = () =>
    [payers("x"), payers("y", "g", "f"), payers("y", "g")].map((each) => overruns.areLikely(each, []));
  expect(doubted()).toEqual([true, true, false]);
  vi.advanceTimersByTime(70_000);
  expect(doubted()).toEqual([false, false, false]);
});

test("one small overrun is none", () => {
  const overruns = new CostOverruns();
  overruns.add(payers("x", "f"), 400);
  expect(overruns.areLikely(payers("x", "f"), [])).toBe(false);
});

test.each([
  ["that overruns", {}, [true, true, false]],
  ["that is expensive as expected", { seemedCheap: false }, [false, false, false]],
  ["that is cheap so far", { isExpensive: false }, [false, false, false]],
])("works of the client and of the files of a work %s are doubted meanwhile", (_, change, expected) => {
  const running = [{ ...overrunning, ...change }];
  const overruns = new CostOverruns();
  const asked = [payers("x"), payers("y", "g", "f"), payers("y", "g")];
  expect(asked.map((each) => overruns.areLikely(each, running))).toEqual(expected);
  expect(asked.map((each) => overrunsNow(each.party, running))).toEqual([expected[0], false, false]);
});

/** The classes of works that may begin while these slots are held. */
function begins(all: number, long: number, expensive: number, slots: number, extraSlots: number): WorkClass[] {
  return (["cheap", "doubtful", "expensive"] as const).filter((each) =>
    mayBegin[each]({ all, long, expensive }, { slots, extraSlots }),
  );
}

test.each([
  // all, long, expensive, slots, extra slots
  [0, 0, 0, 2, 2, ["cheap", "doubtful", "expensive"]],
  [1, 0, 0, 2, 2, ["cheap", "doubtful", "expensive"]],
  [1, 1, 1, 2, 2, ["cheap", "doubtful"]],
  [1, 1, 0, 2, 2, ["cheap", "doubtful", "expensive"]],
  [2, 0, 0, 2, 2, []],
  [2, 1, 1, 2, 2, ["cheap"]],
  [2, 2, 1, 2, 2, ["cheap"]],
  [3, 1, 1, 2, 2, []],
  [3, 2, 1, 2, 2, ["cheap"]],
  [4, 4, 1, 2, 2, []],
  [1, 1, 1, 2, 0, ["cheap"]],
  [2, 2, 1, 2, 0, []],
  [0, 0, 0, 1, 0, ["cheap", "doubtful", "expensive"]],
  [1, 1, 1, 1, 1, ["cheap"]],
  [2, 2, 1, 3, 1, ["cheap", "doubtful", "expensive"]],
] as const)(
  "with %i held, %i by long and %i by expensive works, of %i and %i extra slots, %j may begin",
  (all, long, expensive, slots, extra, may) => {
    expect(begins(all, long, expensive, slots, extra)).toEqual(may);
  },
);

test("no more works run than slots and extra ones, and expensive works leave a slot wherever there are two", () => {
  const counts = { all: fc.nat({ max: 8 }), long: fc.nat({ max: 8 }), expensive: fc.nat({ max: 8 }) };
  const rooms = { slots: fc.integer({ min: 1, max: 4 }), extraSlots: fc.nat({ max: 2 }) };
  fc.assert(
    fc.property(fc.record({ ...counts, ...rooms }), ({ all, long, expensive, slots, extraSlots }) => {
      fc.pre(long <= all && expensive <= long);
      const may = begins(all, long, expensive, slots, extraSlots);
      if (all >= slots + extraSlots) expect(may).toEqual([]);
      if (all < slots && long === 0) expect(may).toEqual(["cheap", "doubtful", "expensive"]);
      if (slots > 1 && expensive >= slots - 1) expect(may).not.toContain("expensive");
      if (may.includes("doubtful")) expect(may).toContain("cheap");
    }),
  );
});
