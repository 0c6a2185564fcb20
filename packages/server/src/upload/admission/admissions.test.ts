import fc from "fast-check";
import { expect, test } from "vitest";
import { type Admission, Admissions } from "./admissions.ts";

const never = new AbortController().signal;
const limits = { bytes: 100, files: 10, addressShare: 0.5, waitMs: 10_000 };

/** Whether the promise has settled once everything that can happen at once has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  const winner = await Promise.race([
    promise.catch(() => undefined),
    new Promise((resolve) => setImmediate(resolve, pending)),
  ]);
  return winner !== pending;
}

test("there is room until the whole is taken, and again once something is released", async () => {
  const admission = new Admissions(limits);
  const first = await admission.admit("a", 50, never);
  await admission.admit("b", 50, never);
  const third = admission.admit("c", 10, never);
  expect(await isSettled(third)).toBe(false);
  first.release();
  first.release();
  (await third).release();
  expect(admission.usage).toEqual({ bytes: 50, files: 1, waiting: 0 });
});

test("one address gets half of the bytes and of the files, and does not hold up another", async () => {
  const admission = new Admissions(limits);
  await admission.admit("a", 50, never);
  const more = admission.admit("a", 1, never);
  expect(await isSettled(more)).toBe(false);
  expect(await isSettled(admission.admit("b", 50, never))).toBe(true);
});

test("a large upload is not starved by small ones that come after it", async () => {
  const admission = new Admissions(limits);
  const first = await admission.admit("a", 50, never);
  const second = await admission.admit("b", 40, never);
  const large = admission.admit("c", 50, never);
  const small = admission.admit("d", 5, never);
  expect(await isSettled(small)).toBe(false);
  second.release();
  expect(await isSettled(large)).toBe(true);
  expect(await isSettled(small)).toBe(false);
  first.release();
  expect(await isSettled(small)).toBe(true);
});

test("whoever finds no room in time is told to come back, and stands in nobody's way", async () => {
  const admission = new Admissions({ ...limits, waitMs: 20 });
  await admission.admit("a", 50, never);
  await admission.admit("b", 45, never);
  const large = admission.admit("c", 50, never);
  const small = admission.admit("d", 5, never);
  await expect(large).rejects.toMatchObject({ reason: "SERVER_BUSY", status: 503 });
  await small;
});

test("an upload that is aborted while it waits leaves the queue", async () => {
  const admission = new Admissions(limits);
  await admission.admit("a", 50, never);
  await admission.admit("b", 50, never);
  const abort = new AbortController();
  const waiting = admission.admit("c", 50, abort.signal);
  abort.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  expect(admission.usage.waiting).toBe(0);
});

test("whatever comes and goes, the bounds hold and everything is admitted in the end", async () => {
  const step = fc.record({
    address: fc.constantFrom("a", "b", "c"),
    bytes: fc.nat({ max: 120 }),
    releases: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const admission = new Admissions(limits);
      const held: Admission[] = [];
      const waiting = new Set<Promise<void>>();
      for (const { address, bytes, releases } of steps) {
        const admitted = admission.admit(address, bytes, never).then((it) => {
          held.push(it);
          waiting.delete(admitted);
        });
        waiting.add(admitted);
        await Promise.resolve();
        if (releases) held.shift()?.release();
        expect(admission.usage.bytes).toBeLessThanOrEqual(limits.bytes);
        expect(admission.usage.files).toBeLessThanOrEqual(limits.files);
      }
      while (waiting.size > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const it of held.splice(0)) it.release();
      }
      for (const it of held) it.release();
      expect(admission.usage).toEqual({ bytes: 0, files: 0, waiting: 0 });
    }),
    { numRuns: 50 },
  );
});
