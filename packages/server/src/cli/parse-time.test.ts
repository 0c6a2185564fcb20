import { expect, test } from "vitest";
import { parseSpan, parseTime } from "./parse-time.ts";

const now = Date.UTC(2026, 4, 2);

test("a time is one of the calendar, or so long ago", () => {
  expect(parseTime("--since", "2026-05-01T10:00Z", now)).toBe(Date.UTC(2026, 4, 1, 10));
  expect(parseTime("--since", "24h", now)).toBe(Date.UTC(2026, 4, 1));
  expect(parseTime("--since", "90m", now)).toBe(now - 5_400_000);
  expect(parseSpan("--grace", "3d")).toBe(259_200_000);
  expect(parseSpan("--grace", "0")).toBe(0);
});

test.each(["", "yesterday", "1", "-1h", "1w", "h", "2026-13-01", "May 2026"])("%j is no time", (text) => {
  expect(() => parseTime("--since", text, now)).toThrow("--since");
  expect(() => parseSpan("--grace", text)).toThrow("--grace");
});
