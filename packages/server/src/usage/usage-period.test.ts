import { expect, test } from "vitest";
import { daysThrough, daysUntil } from "./usage-period.ts";

test("days go from the first date up to the other one, without it or with it", () => {
  const dates = { startDate: "2026-02-27", endDate: "2026-03-01" };
  expect(daysUntil(dates)).toEqual({ from: "2026-02-27", before: "2026-03-01" });
  expect(daysThrough(dates)).toEqual({ from: "2026-02-27", before: "2026-03-02" });
  const oneDay = { startDate: "2026-02-27", endDate: "2026-02-27" };
  expect(daysThrough(oneDay)).toEqual({ from: "2026-02-27", before: "2026-02-28" });
});

test.each([
  [{}, "USAGE_DATES_MISSING"],
  [{ startDate: "2026-01-01" }, "USAGE_DATES_MISSING"],
  [{ startDate: "", endDate: "2026-01-01" }, "USAGE_DATES_MISSING"],
  [{ startDate: "2026-1-1", endDate: "2026-01-02" }, "USAGE_DATES_INVALID"],
  [{ startDate: "2026-02-30", endDate: "2026-03-05" }, "USAGE_DATES_INVALID"],
  [{ startDate: ["2026-01-01"], endDate: "2026-01-02" }, "USAGE_DATES_INVALID"],
  [{ startDate: "2026-01-01T00:00:00Z", endDate: "2026-01-02" }, "USAGE_DATES_INVALID"],
  [{ startDate: "2026-01-02", endDate: "2026-01-01" }, "USAGE_DATES_REVERSED"],
  [{ startDate: "2026-01-01", endDate: "2026-04-01" }, "USAGE_DATES_TOO_FAR_APART"],
])("%j is refused as %s", (dates, reason) => {
  for (const read of [daysUntil, daysThrough]) expect(() => read(dates)).toThrow(expect.objectContaining({ reason }));
});

test("89 days are near enough, and one day needs the next one as its end", () => {
  expect(daysUntil({ startDate: "2026-01-01", endDate: "2026-03-31" }).before).toBe("2026-03-31");
  const oneDay = { startDate: "2026-01-01", endDate: "2026-01-01" };
  expect(() => daysUntil(oneDay)).toThrow(expect.objectContaining({ reason: "USAGE_DATES_REVERSED" }));
});
