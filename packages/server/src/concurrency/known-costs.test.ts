import { expect, test } from "vitest";
import { cheapMs, dearMs, KnownCosts } from "./known-costs.ts";

test("a work of which nothing is known costs what it is estimated to, and is unknown", () => {
  const costs = new KnownCosts();
  expect(costs.expect({})).toEqual({ ms: 0, isKnown: false });
  expect(costs.expect({ key: "k", files: ["f"], estimateMs: 40 })).toEqual({ ms: 40, isKnown: false });
});

test("a work that was dear is known by its key, until it shows that it is cheap", () => {
  const costs = new KnownCosts();
  const work = { key: "k", files: ["f"], estimateMs: 40 };
  costs.learn(work, 4000);
  expect(costs.expect({ key: "k" })).toEqual({ ms: 4000, isKnown: true });
  costs.learn(work, 30);
  expect(costs.expect({ key: "k" })).toEqual({ ms: 0, isKnown: false });
});

test("a file that is dear however little is asked of it is known as such", () => {
  const costs = new KnownCosts();
  costs.learn({ key: "small", files: ["bomb"], estimateMs: 40 }, 4000);
  expect(costs.expect({ key: "smaller", files: ["bomb"], estimateMs: 20 })).toEqual({ ms: 4000, isKnown: true });
  expect(costs.expect({ key: "both", files: ["bomb", "other"] })).toEqual({ ms: 4000, isKnown: false });
});

test.each([
  ["one that was estimated as dear", { key: "large", files: ["photo"], estimateMs: 3000 }],
  ["one that wasn't, after a cheap one", { key: "surprise", files: ["photo"], estimateMs: 40 }],
])("a dear work doesn't spoil a file's cheap ones: %s", (_, dear) => {
  const costs = new KnownCosts();
  costs.learn({ key: "small", files: ["photo"], estimateMs: 40 }, 30);
  costs.learn(dear, 4000);
  expect(costs.expect({ key: "another", files: ["photo"], estimateMs: 40 })).toEqual({ ms: 40, isKnown: true });
});

test("a work that is as dear as it was estimated says nothing of its file", () => {
  const costs = new KnownCosts();
  costs.learn({ files: ["photo"], estimateMs: 3000 }, 4000);
  expect(costs.expect({ files: ["photo"], estimateMs: 40 })).toEqual({ ms: 40, isKnown: false });
});

test("a file that surprised isn't dear for good: one cheap work clears it", () => {
  const costs = new KnownCosts();
  costs.learn({ files: ["photo"], estimateMs: 40 }, dearMs);
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
