import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { backoff, pause, unlessAborted, within } from "./waiting.ts";

/** Counts the abort listeners that are still registered on the signal. */
function countListeners(signal: AbortSignal): () => number {
  return () => getEventListeners(signal, "abort").length;
}

describe("a pause", () => {
  test("ends in time, and lets go of the signal", async () => {
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    const ending = pause(20, signal);
    expect(listeners()).toBe(1);
    await ending;
    expect(listeners()).toBe(0);
  });

  test("rejects with its signal, before or while it lasts", async () => {
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const ending = pause(60_000, controller.signal);
    controller.abort();
    await expect(ending).rejects.toMatchObject({ reason: "ABORTED" });
    await expect(pause(60_000, controller.signal)).rejects.toMatchObject({ reason: "ABORTED" });
    expect(listeners()).toBe(0);
  });
});

test("somebody else's work is waited for until the signal says otherwise, and its failure is nobody's then", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  expect(await unlessAborted("done", controller.signal)).toBe("done");
  const { promise, reject } = Promise.withResolvers<string>();
  const ending = unlessAborted(promise, controller.signal);
  controller.abort();
  await expect(ending).rejects.toMatchObject({ reason: "ABORTED" });
  await expect(unlessAborted(promise, controller.signal)).rejects.toMatchObject({ reason: "ABORTED" });
  reject(new Error("too late"));
  expect(listeners()).toBe(0);
});

describe("a task with a time limit", () => {
  const untilAborted = (signal: AbortSignal) =>
    new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve("aborted")));

  test("is aborted when its time is over, and when its signal says so", async () => {
    const controller = new AbortController();
    expect(await within(20, controller.signal, untilAborted)).toBe("aborted");
    const ending = within(60_000, controller.signal, untilAborted);
    controller.abort();
    await expect(ending).rejects.toMatchObject({ reason: "ABORTED" });
  });

  test("lets go of the signal however it ends", async () => {
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    expect(await within(60_000, signal, async () => 1)).toBe(1);
    await expect(within(60_000, signal, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(listeners()).toBe(0);
  });
});

test("pauses grow to half a minute, and no two clients keep step", () => {
  const pauses = (attempt: number) => Array.from({ length: 200 }, () => backoff(attempt));
  expect(Math.min(...pauses(1))).toBeGreaterThanOrEqual(750);
  expect(Math.max(...pauses(1))).toBeLessThanOrEqual(1250);
  expect(Math.min(...pauses(20))).toBeGreaterThanOrEqual(22_500);
  expect(Math.max(...pauses(20))).toBeLessThanOrEqual(37_500);
  expect(new Set(pauses(3)).size).toBeGreaterThan(100);
});
