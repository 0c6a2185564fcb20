import { expect, test } from "vitest";
import { ByteQuota } from "./byte-quota.ts";

const patience = { waitMs: 10_000, signal: new AbortController().signal };

function quotaOf(bytes: number) {
  return new ByteQuota<{ client: string }>({
    bound: { bytes: () => bytes, measure: async () => undefined },
    clientShare: 0.5,
  });
}

const holder = (client: string) => ({ client });

test("one that waits for room is passed by nobody who would fit", async () => {
  const quota = quotaOf(100);
  const [first, large, small] = [holder("a"), holder("b"), holder("c")];
  expect(quota.tryTake(first, 80)).toBe(true);
  expect(quota.tryTake(large, 40)).toBe(false);
  const waiting = quota.claim(large, 40, patience);
  expect(quota.tryTake(small, 10)).toBe(false);
  const behind = quota.claim(small, 10, patience);
  quota.free(first);
  await Promise.all([waiting, behind]);
  expect(quota.usage.bytes).toBe(50);
});

test("one that waits for its client's share holds up nobody, whether they come later or wait behind it", async () => {
  const quota = quotaOf(100);
  const [first, own, other, third] = [holder("a"), holder("a"), holder("b"), holder("c")];
  expect(quota.tryTake(first, 45)).toBe(true);
  expect(quota.tryTake(own, 10)).toBe(false);
  const waiting = quota.claim(own, 10, patience);
  expect(quota.tryTake(other, 45)).toBe(true);
  const behind = quota.claim(third, 20, patience);
  quota.free(other);
  await behind;
  expect([quota.usage.bytes, quota.usage.waiting]).toEqual([65, 1]);
  quota.free(first);
  await waiting;
});

test("a claim that ends, by itself or from outside, lets in those behind it", async () => {
  const quota = quotaOf(100);
  const gone = new AbortController();
  const [large, refused, small] = [holder("b"), holder("c"), holder("d")];
  quota.tryTake(holder("a"), 80);
  const leaves = expect(quota.claim(large, 40, { ...patience, signal: gone.signal })).rejects.toThrow("gone");
  const ends = expect(quota.claim(refused, 30, patience)).rejects.toThrow("refused");
  const behind = quota.claim(small, 10, patience);
  gone.abort(new Error("gone"));
  quota.refuse(refused, new Error("refused"));
  quota.refuse(refused, new Error("once more"));
  await Promise.all([leaves, ends, behind]);
  expect([quota.usage.bytes, quota.usage.waiting]).toEqual([90, 0]);
});
