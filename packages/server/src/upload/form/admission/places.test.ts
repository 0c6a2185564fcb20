import fc from "fast-check";
import { expect, test } from "vitest";
import { type Place, Places } from "./places.ts";

const never = new AbortController().signal;
const options = { count: 4, accountShare: 0.75, clientShare: 0.5, waitMs: 10_000 };
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

test("there is a place until all are taken, and again once one is released", async () => {
  const places = new Places({ ...options, accountShare: 1 });
  const held = await Promise.all(["a", "b", "c", "d"].map((client) => places.take(party(client), never)));
  const fifth = places.take(party("e"), never);
  expect(await isSettled(fifth)).toBe(false);
  held[0]?.release();
  held[0]?.release();
  (await fifth).release();
  expect(places.usage).toEqual({ taken: 3, waiting: 0 });
});

test("one client gets half of the places, and one account three quarters", async () => {
  const places = new Places(options);
  for (const client of ["a", "a", "b"]) await places.take(party(client, "account"), never);
  expect(await isSettled(places.take(party("a", "other"), never))).toBe(false);
  expect(await isSettled(places.take(party("c", "account"), never))).toBe(false);
  expect(await isSettled(places.take(party("c", "other"), never))).toBe(true);
});

test("an upload that waits for its client's share holds up nobody behind it, even when all places are taken", async () => {
  const places = new Places({ ...options, accountShare: 1 });
  await places.take(party("a"), never);
  await places.take(party("a"), never);
  const own = places.take(party("a"), never);
  const third = await places.take(party("b"), never);
  await places.take(party("b"), never);
  const behind = places.take(party("c"), never);
  expect(await isSettled(behind)).toBe(false);
  third.release();
  expect(await isSettled(behind)).toBe(true);
  expect(await isSettled(own)).toBe(false);
});

test("clients take turns, however many uploads of one of them wait", async () => {
  const places = new Places({ ...options, accountShare: 1, clientShare: 1 });
  const held: Place[] = [];
  for (let index = 0; index < 4; index++) held.push(await places.take(party("a"), never));
  const first = places.take(party("a"), never);
  const gone = new AbortController();
  const rest = Array.from({ length: 1000 }, () => places.take(party("a"), gone.signal));
  const other = places.take(party("b"), never);
  held[0]?.release();
  expect(await isSettled(first)).toBe(true);
  held[1]?.release();
  expect(await isSettled(other)).toBe(true);
  gone.abort();
  expect((await Promise.allSettled(rest)).every(({ status }) => status === "rejected")).toBe(true);
});

test("an upload that finds no place in time is told to come back", async () => {
  const places = new Places({ ...options, count: 1, waitMs: 20 });
  await places.take(party("a"), never);
  await expect(places.take(party("b"), never)).rejects.toMatchObject({ reason: "SERVER_BUSY", status: 503 });
  expect(places.usage).toEqual({ taken: 1, waiting: 0 });
});

test("an upload that is aborted while it waits leaves the line", async () => {
  const places = new Places({ ...options, count: 1 });
  await places.take(party("a"), never);
  const abort = new AbortController();
  const waiting = places.take(party("b"), abort.signal);
  abort.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  await expect(places.take(party("b"), abort.signal)).rejects.toThrow("gone");
  expect(places.usage.waiting).toBe(0);
});

test("whatever comes and goes, the bounds hold and everybody is admitted in the end", async () => {
  const step = fc.record({
    client: fc.constantFrom("a", "b", "c"),
    account: fc.constantFrom("x", "y"),
    releases: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const places = new Places(options);
      const held: Place[] = [];
      const waiting = new Set<Promise<void>>();
      for (const { releases, ...who } of steps) {
        const admitted = places.take(who, never).then((place) => {
          held.push(place);
          waiting.delete(admitted);
        });
        waiting.add(admitted);
        await Promise.resolve();
        if (releases) held.shift()?.release();
        expect(places.usage.taken).toBeLessThanOrEqual(options.count);
      }
      while (waiting.size > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const place of held.splice(0)) place.release();
      }
      for (const place of held) place.release();
      expect(places.usage).toEqual({ taken: 0, waiting: 0 });
    }),
    { numRuns: 50 },
  );
});
