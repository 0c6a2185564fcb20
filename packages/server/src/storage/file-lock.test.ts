import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tryLock } from "./owner-mark.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true }));

test("one holds the lock at a time, and leaves nothing but an empty file", async () => {
  const lock = tryLock(path);
  expect(lock).toBeDefined();
  expect(tryLock(path)).toBeUndefined();
  expect(await readdir(folder)).toEqual(["lock"]);
  expect((await stat(path)).size).toBe(0);
  lock?.release();
  lock?.release();
  const next = tryLock(path);
  expect(next).toBeDefined();
  next?.release();
});

test("an attempt that fails does not loosen the lock of the one who holds it, in another thread either", async () => {
  const lock = tryLock(path);
  const source = `
    const { tryLock } = await import(${JSON.stringify(new URL("./owner-mark.ts", import.meta.url).href)});
    const { parentPort, workerData } = await import("node:worker_threads");
    parentPort.postMessage([tryLock(workerData) === undefined, tryLock(workerData) === undefined]);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: path });
  const refused = await new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
  await worker.terminate();
  expect(refused).toEqual([true, true]);
  expect(tryLock(path)).toBeUndefined();
  lock?.release();
});

test("where no file can be there is no lock, and an error says so", () => {
  expect(() => tryLock(join(folder, "none", "lock"))).toThrow();
});
