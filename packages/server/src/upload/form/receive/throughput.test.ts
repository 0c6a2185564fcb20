import { expect, test } from "vitest";
import { Throughput } from "./throughput.ts";

const KiB = 1024;

/** The throughput after some seconds at a steady rate, with bytes every tenth of a second. */
function steady(bytesPerSecond: number, seconds: number): Throughput {
  const throughput = new Throughput();
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    throughput.waited(100);
    throughput.came(bytesPerSecond / 10);
  }
  return throughput;
}

test.each([1, 3, 30])("a client that comes steadily has its throughput after %i s", (seconds) => {
  const throughput = steady(100 * KiB, seconds).after(0);
  expect(throughput).toBeGreaterThan(95 * KiB);
  expect(throughput).toBeLessThan(110 * KiB);
});

test("a client that was never waited for is as fast as can be", () => {
  const throughput = new Throughput();
  throughput.came(1);
  expect(throughput.after(0)).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  ["slow", 100 * KiB],
  ["fast", 100 * KiB * KiB],
])("a client that was %s and stands still is slow within some seconds", (_, bytesPerSecond) => {
  const throughput = steady(bytesPerSecond, 10);
  expect(throughput.after(200)).toBeGreaterThan(64 * KiB);
  expect(throughput.after(6000)).toBeLessThan(64 * KiB);
});

test("a pause of a second does not make a good client slow", () => {
  const throughput = steady(256 * KiB, 5);
  expect(throughput.after(1000)).toBeGreaterThan(64 * KiB);
});

test("what fades while it is waited is what has faded then", () => {
  const [first, second] = [steady(100 * KiB, 2), steady(100 * KiB, 2)];
  second.waited(700);
  expect(second.after(300)).toBeCloseTo(first.after(1000));
});
