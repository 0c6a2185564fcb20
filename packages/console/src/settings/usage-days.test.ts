import { expect, test } from "vitest";
import { csvOf, refusalsByReason, refusalsOf, type UsageDay } from "./usage-days.ts";

const none = {
  ...{ uploadCount: 0, uploadBytes: 0, storedBytes: 5, requestCount: 0, bandwidthBytes: 0 },
  ...{ cacheHitCount: 0, cacheMissCount: 0 },
};
const days: UsageDay[] = [
  { day: "2026-01-01", ...none, uploadCount: 1, refusals: [{ kind: "upload", reason: "TOKEN_USED", count: 2 }] },
  {
    ...{ day: "2026-01-02", ...none },
    refusals: [
      { kind: "delivery", reason: "NOT_FOUND", count: 9 },
      { kind: "upload", reason: "TOKEN_USED", count: 1 },
    ],
  },
];

test("refusals are summed up by kind and reason over all days", () => {
  expect(refusalsByReason(days)).toEqual([
    { kind: "delivery", reason: "NOT_FOUND", count: 9 },
    { kind: "upload", reason: "TOKEN_USED", count: 3 },
  ]);
  expect(days.map(refusalsOf)).toEqual([2, 10]);
});

test("the CSV has a line for each day, and a column for each reason", () => {
  expect(csvOf(days)).toBe(
    [
      "day,uploadCount,uploadBytes,storedBytes,requestCount,bandwidthBytes,cacheHitCount,cacheMissCount,refused:delivery:NOT_FOUND,refused:upload:TOKEN_USED",
      "2026-01-01,1,0,5,0,0,0,0,0,2",
      "2026-01-02,0,0,5,0,0,0,0,9,1",
      "",
    ].join("\r\n"),
  );
});
