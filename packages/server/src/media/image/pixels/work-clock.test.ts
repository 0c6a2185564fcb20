import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WorkClock } from "./work-clock.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that takes so long. */
const working = (clock: WorkClock, milliseconds: number): Promise<void> =>
  clock.count(() => new Promise((resolve) => void setTimeout(resolve, milliseconds)));

test("work counts while it goes on, also when it fails, and waiting doesn't", async () => {
  const clock = new WorkClock();
  const work = working(clock, 300);
  await vi.advanceTimersByTimeAsync(200);
  expect(clock.ms).toBe(200);
  await vi.advanceTimersByTimeAsync(100);
  await work;
  await vi.advanceTimersByTimeAsync(5000);
  expect(clock.ms).toBe(300);
  await expect(clock.count(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  await vi.advanceTimersByTimeAsync(5000);
  clock.add(50);
  expect(clock.ms).toBe(350);
});

test("a watch calls back once so much more was counted, however long the work waited before and between", async () => {
  const clock = new WorkClock();
  clock.add(10_000);
  const up = vi.fn();
  clock.watch(500, up);
  const ended = vi.fn();
  clock.watch(500, ended)();
  await vi.advanceTimersByTimeAsync(2000);
  const first = working(clock, 300);
  await vi.advanceTimersByTimeAsync(2000);
  await first;
  const second = working(clock, 3000);
  await vi.advanceTimersByTimeAsync(150);
  expect(up).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);
  expect(up).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(3000);
  await second;
  expect(up).toHaveBeenCalledTimes(1);
  expect(ended).not.toHaveBeenCalled();
});
