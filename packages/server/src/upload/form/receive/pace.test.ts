import { expect, test } from "vitest";
import { Pace } from "./pace.ts";

const KiB = 1024;

/** The pace after some seconds at a steady rate, with bytes every tenth of a second. */
function steady(bytesPerSecond: number, seconds: number): Pace {
  const pace = new Pace();
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    pace.waited(100);
    pace.came(bytesPerSecond / 10);
  }
  return pace;
}

test.each([1, 3, 30])("a client that comes steadily has its pace after %i s", (seconds) => {
  const pace = steady(100 * KiB, seconds).after(0);
  expect(pace).toBeGreaterThan(95 * KiB);
  expect(pace).toBeLessThan(110 * KiB);
});

test("a client that was never waited for is as fast as can be", () => {
  const pace = new Pace();
  pace.came(1);
  expect(pace.after(0)).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  ["slow", 100 * KiB],
  ["fast", 100 * KiB * KiB],
])("a client that was %s and stands still is slow within some seconds", (_, bytesPerSecond) => {
  const pace = steady(bytesPerSecond, 10);
  expect(pace.after(200)).toBeGreaterThan(64 * KiB);
  expect(pace.after(6000)).toBeLessThan(64 * KiB);
});

test("a pause of a second does not make a good client slow", () => {
  const pace = steady(256 * KiB, 5);
  expect(pace.after(1000)).toBeGreaterThan(64 * KiB);
});

test("what fades while it is waited is what has faded then", () => {
  const [first, second] = [steady(100 * KiB, 2), steady(100 * KiB, 2)];
  second.waited(700);
  expect(second.after(300)).toBeCloseTo(first.after(1000));
});
