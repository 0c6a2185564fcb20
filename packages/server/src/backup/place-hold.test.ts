import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newBlobKey } from "../storage/blob-key.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { openDiskBlobStore } from "../storage/disk-blob-store.ts";
import { never } from "../testing/upload-fixture.ts";
import { PlaceHold, type PlaceHoldTimes } from "./place-hold.ts";

const times: PlaceHoldTimes = { deadAfterMs: 1500, lostAfterMs: 1000, renewMs: 50, lookMs: 20 };

let folder: string;
let store: BlobStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-hold-"));
  store = await openDiskBlobStore(folder);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  await rm(folder, { recursive: true });
});

const take = (signal = never) => PlaceHold.take(store, signal, times);
async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list()) found.push(key);
  return found;
}

test("a place has one hold at a time, which is renewed, and of which nothing is left", async () => {
  const hold = await take();
  const [first] = await keys();
  await expect(take()).rejects.toThrow("Another backup is being written to this place");
  // There are two blobs between two renewals, and three during one.
  await expect.poll(keys).not.toContain(first);
  expect([2, 3]).toContain((await keys()).length);
  await hold.assertHeld();
  await hold.release();
  expect(await keys()).toEqual([]);
  await (await take()).release();
});

test("the hold of a process that was killed ends", async () => {
  const key = newBlobKey();
  await store.put(key, { size: 1, chunks: [Buffer.from("x")] });
  const began = performance.now();
  const hold = await take();
  expect(performance.now() - began).toBeGreaterThan(times.deadAfterMs);
  expect(await keys()).not.toContain(key);
  await hold.release();
});

test("of two that begin at once, one at most gets the hold", async () => {
  const outcomes = await Promise.allSettled([take(), take()]);
  const got = outcomes.filter((outcome) => outcome.status === "fulfilled");
  expect(got.length).toBeLessThan(2);
  for (const { value } of got) await value.release();
  expect(await keys()).toEqual([]);
});

test("a hold that somebody else has ended is lost", async () => {
  const hold = await take();
  for (const key of await keys()) await store.delete(key);
  await expect.poll(() => hold.lost.aborted).toBe(true);
  await expect(hold.assertHeld()).rejects.toThrow("could not be held");
  await hold.release();
});

test("a hold that can't be renewed in time is lost, also when the store does not answer at all", async () => {
  const hold = await take();
  vi.spyOn(store, "put").mockRejectedValueOnce(new Error("away for a moment"));
  await expect(hold.assertHeld()).resolves.toBeUndefined();
  vi.spyOn(store, "put").mockReturnValue(new Promise(() => undefined));
  await expect.poll(() => hold.lost.aborted).toBe(true);
  await expect(hold.assertHeld()).rejects.toThrow("could not be held");
  await hold.release();
});

test("a place that refuses to delete has one hold at a time, and a next one once the remains count as dead", async () => {
  const deleted = vi.spyOn(store, "delete").mockRejectedValue(new Error("Access Denied"));
  const hold = await take();
  await expect.poll(keys).toHaveLength(5);
  await expect(take()).rejects.toThrow("Another backup is being written to this place");
  await hold.assertHeld();
  deleted.mockClear();
  await hold.release();
  // Only the last two are tried once more.
  expect(deleted.mock.calls.length).toBeLessThanOrEqual(2);
  expect((await keys()).length).toBeGreaterThan(4);
  const next = await take();
  await next.assertHeld();
  await next.release();
});

test("waiting for a hold ends with the signal", async () => {
  await store.put(newBlobKey(), { size: 1, chunks: [Buffer.from("x")] });
  await expect(take(AbortSignal.timeout(100))).rejects.toThrow(/timeout/);
  expect(await keys()).toHaveLength(1);
});
