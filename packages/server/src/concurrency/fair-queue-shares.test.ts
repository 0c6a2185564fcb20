import { SluiceError } from "@sluice/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FairQueue, type Slot } from "./fair-queue.ts";

const never = new AbortController().signal;
const options = { capacity: 4, accountShare: 0.75, clientShare: 0.5, waitMs: 10_000 };
const party = (client: string, account = "") => ({ account, client });

/** Whether the promise has settled once everything that can happen at once has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  const winner = await Promise.race([
    promise.catch(() => undefined),
    new Promise((resolve) => setImmediate(resolve, pending)),
  ]);
  return winner !== pending;
}

test("there is a slot until all are taken, and again once one is released", async () => {
  const queue = new FairQueue({ ...options, accountShare: 1 });
  const held = await Promise.all(["a", "b", "c", "d"].map((client) => queue.take(party(client), never)));
  const fifth = queue.take(party("e"), never);
  expect(await isSettled(fifth)).toBe(false);
  held[0]?.release();
  held[0]?.release();
  (await fifth).release();
  expect(queue.usage).toEqual({ taken: 3, waiting: 0 });
});

test("one client gets half of the slots, and one account three quarters", async () => {
  const queue = new FairQueue(options);
  for (const client of ["a", "a", "b"]) await queue.take(party(client, "account"), never);
  expect(await isSettled(queue.take(party("a", "other"), never))).toBe(false);
  expect(await isSettled(queue.take(party("c", "account"), never))).toBe(false);
  expect(await isSettled(queue.take(party("c", "other"), never))).toBe(true);
});

test("an upload that waits for its client's share holds up nobody behind it, even when all slots are taken", async () => {
  const queue = new FairQueue({ ...options, accountShare: 1 });
  await queue.take(party("a"), never);
  await queue.take(party("a"), never);
  const own = queue.take(party("a"), never);
  const third = await queue.take(party("b"), never);
  await queue.take(party("b"), never);
  const behind = queue.take(party("c"), never);
  expect(await isSettled(behind)).toBe(false);
  third.release();
  expect(await isSettled(behind)).toBe(true);
  expect(await isSettled(own)).toBe(false);
});

test("clients take turns, however many uploads of one of them wait", async () => {
  const queue = new FairQueue({ ...options, accountShare: 1, clientShare: 1 });
  const held: Slot[] = [];
  for (let index = 0; index < 4; index++) held.push(await queue.take(party("a"), never));
  const first = queue.take(party("a"), never);
  const gone = new AbortController();
  const rest = Array.from({ length: 1000 }, () => queue.take(party("a"), gone.signal));
  const other = queue.take(party("b"), never);
  held[0]?.release();
  expect(await isSettled(first)).toBe(true);
  held[1]?.release();
  expect(await isSettled(other)).toBe(true);
  gone.abort();
  expect((await Promise.allSettled(rest)).every(({ status }) => status === "rejected")).toBe(true);
});

test("an upload that finds no slot in time is told to come back", async () => {
  const queue = new FairQueue({ ...options, capacity: 1, waitMs: 20, refusal: () => new SluiceError("SERVER_BUSY") });
  await queue.take(party("a"), never);
  await expect(queue.take(party("b"), never)).rejects.toMatchObject({ reason: "SERVER_BUSY", status: 503 });
  expect(queue.usage).toEqual({ taken: 1, waiting: 0 });
});

test("an upload that is aborted while it waits leaves the line", async () => {
  const queue = new FairQueue({ ...options, capacity: 1 });
  await queue.take(party("a"), never);
  const abort = new AbortController();
  const waiting = queue.take(party("b"), abort.signal);
  abort.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  await expect(queue.take(party("b"), abort.signal)).rejects.toThrow("gone");
  expect(queue.usage.waiting).toBe(0);
});

test("whatever comes and goes, the bounds hold and everybody is admitted in the end", async () => {
  const step = fc.record({
    client: fc.constantFrom("a", "b", "c"),
    account: fc.constantFrom("x", "y"),
    releases: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const queue = new FairQueue(options);
      const held: Slot[] = [];
      const waiting = new Set<Promise<void>>();
      for (const { releases, ...who } of steps) {
        const admitted = queue.take(who, never).then((slot) => {
          held.push(slot);
          waiting.delete(admitted);
        });
        waiting.add(admitted);
        await Promise.resolve();
        if (releases) held.shift()?.release();
        expect(queue.usage.taken).toBeLessThanOrEqual(options.capacity);
      }
      while (waiting.size > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const slot of held.splice(0)) slot.release();
      }
      for (const slot of held) slot.release();
      expect(queue.usage).toEqual({ taken: 0, waiting: 0 });
    }),
    { numRuns: 50 },
  );
});
