import { expect, test } from "vitest";
import { Room } from "./room.ts";

const patience = { waitMs: 10_000, signal: new AbortController().signal };

function roomOf(bytes: number) {
  return new Room<{ client: string }>({
    bound: { bytes: () => bytes, measure: async () => undefined },
    clientShare: 0.5,
  });
}

const holder = (client: string) => ({ client });

test("one that waits for room is passed by nobody who would fit", async () => {
  const room = roomOf(100);
  const [first, large, small] = [holder("a"), holder("b"), holder("c")];
  expect(room.tryTake(first, 80)).toBe(true);
  expect(room.tryTake(large, 40)).toBe(false);
  const waiting = room.claim(large, 40, patience);
  expect(room.tryTake(small, 10)).toBe(false);
  const behind = room.claim(small, 10, patience);
  room.free(first);
  await Promise.all([waiting, behind]);
  expect(room.bytes).toBe(50);
});

test("one that waits for its client's share holds up nobody, whether they come later or wait behind it", async () => {
  const room = roomOf(100);
  const [first, own, other, third] = [holder("a"), holder("a"), holder("b"), holder("c")];
  expect(room.tryTake(first, 45)).toBe(true);
  expect(room.tryTake(own, 10)).toBe(false);
  const waiting = room.claim(own, 10, patience);
  expect(room.tryTake(other, 45)).toBe(true);
  const behind = room.claim(third, 20, patience);
  room.free(other);
  await behind;
  expect([room.bytes, room.claims.size]).toEqual([65, 1]);
  room.free(first);
  await waiting;
});

test("a claim that ends, by itself or from outside, lets in those behind it", async () => {
  const room = roomOf(100);
  const gone = new AbortController();
  const [large, refused, small] = [holder("b"), holder("c"), holder("d")];
  room.tryTake(holder("a"), 80);
  const leaves = expect(room.claim(large, 40, { ...patience, signal: gone.signal })).rejects.toThrow("gone");
  const ends = expect(room.claim(refused, 30, patience)).rejects.toThrow("refused");
  const behind = room.claim(small, 10, patience);
  gone.abort(new Error("gone"));
  room.refuse(refused, new Error("refused"));
  room.refuse(refused, new Error("once more"));
  await Promise.all([leaves, ends, behind]);
  expect([room.bytes, room.claims.size]).toEqual([90, 0]);
});
