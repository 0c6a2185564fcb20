import { expect, test } from "vitest";
import { RequestCounts } from "./api-rate-limit.ts";

test("an account's requests are counted in intervals that begin with a first one", () => {
  const counts = new RequestCounts({ requests: 2, intervalMs: 1000 });
  expect([counts.take("a", 0), counts.take("a", 10), counts.take("a", 20)]).toEqual([undefined, undefined, 980]);
  expect(counts.take("b", 20)).toBeUndefined();
  expect([counts.take("a", 999), counts.take("a", 1000), counts.take("a", 1001)]).toEqual([1, undefined, undefined]);
});

test("a clock that is set back keeps nobody waiting for longer than the interval", () => {
  const counts = new RequestCounts({ requests: 1, intervalMs: 1000 });
  counts.take("a", 100_000);
  expect([counts.take("a", 50_000), counts.take("a", 50_000)]).toEqual([undefined, 1000]);
});
