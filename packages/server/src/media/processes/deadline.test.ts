import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadline } from "./deadline.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

test("calls back once when the time is up", () => {
  const onUp = vi.fn();
  const deadline = new Deadline(100, onUp);
  vi.advanceTimersByTime(99);
  expect(onUp).not.toHaveBeenCalled();
  expect(deadline.usedMs).toBe(99);
  vi.advanceTimersByTime(500);
  expect(onUp).toHaveBeenCalledTimes(1);
});

test("pauses don't count, and what was left before a pause is left behind it", () => {
  const onUp = vi.fn();
  const deadline = new Deadline(100, onUp);
  vi.advanceTimersByTime(40);
  deadline.pause();
  vi.advanceTimersByTime(1000);
  expect(deadline.usedMs).toBe(40);
  deadline.resume();
  vi.advanceTimersByTime(59);
  expect(onUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onUp).toHaveBeenCalledTimes(1);
  expect(deadline.usedMs).toBe(100);
});

test("a new time counts from when it was given, whether or not the work paused", () => {
  const onUp = vi.fn();
  const deadline = new Deadline(100, onUp);
  vi.advanceTimersByTime(90);
  deadline.resume(50);
  vi.advanceTimersByTime(49);
  expect(onUp).not.toHaveBeenCalled();
  deadline.pause();
  deadline.resume(30);
  vi.advanceTimersByTime(29);
  expect(onUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onUp).toHaveBeenCalledTimes(1);
  expect(deadline.usedMs).toBe(90 + 49 + 30);
});

test("a deadline that was paused for good calls nobody", () => {
  const onUp = vi.fn();
  const deadline = new Deadline(100, onUp);
  deadline.pause();
  deadline.pause();
  vi.advanceTimersByTime(1000);
  expect(onUp).not.toHaveBeenCalled();
  expect(deadline.usedMs).toBe(0);
});

test("time that is used up before it begins is up at once", () => {
  const onUp = vi.fn();
  new Deadline(-5, onUp);
  vi.advanceTimersByTime(1);
  expect(onUp).toHaveBeenCalledTimes(1);
});
