import { expect, test } from "vitest";
import { RestartPauses } from "./restart-pauses.ts";

test("what ends again and again is started five times, after longer and longer pauses", () => {
  const pauses = new RestartPauses();
  const given = [0, 1, 2, 3, 4, 5].map((now) => pauses.next(now));
  expect(given.slice(0, 5)).toEqual([0, 100, 400, 1600, 3200]);
  expect(given[5]).toBeUndefined();
});

test("what ran for a minute in between starts afresh", () => {
  const pauses = new RestartPauses();
  for (let now = 0; now < 5; now++) pauses.next(now);
  expect(pauses.next(59_999)).toBeUndefined();
  expect(pauses.next(60_004)).toBe(0);
});
