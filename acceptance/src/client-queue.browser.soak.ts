import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type ClientPages, startClientPages } from "./harness/client-page.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { listFiles } from "./harness/library.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";
import { startWire, type Wire } from "./harness/wire.ts";

declare global {
  interface Window {
    queue: import("@sluice/client").UploadQueue;
    /** The name and state of the task in each of the queue's events. */
    seen: string[];
    busiest: number;
  }
}

const MiB = 1024 * 1024;

let pages: ClientPages;
let browser: Browser;
let server: ServerProcess;
let wire: Wire;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServerProcess();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  wire = await startWire(server.url);
  pages = await startClientPages();
  page = await browser.newPage();
  await page.goto(pages.url);
  await page.evaluate((endpoint) => {
    window.seen = [];
    window.busiest = 0;
    window.queue = new window.client.UploadQueue({
      endpoint,
      getToken: "/token",
      backoff: (repetition) => Math.min(100 * 2 ** repetition, 2000),
    });
    window.queue.addEventListener("change", ({ detail: { task } }) => {
      window.seen.push(`${task.options.fileName} ${task.state}`);
      const busy = window.queue.tasks.filter(({ state }) => /sending|processing/.test(state)).length;
      window.busiest = Math.max(window.busiest, busy);
    });
    window.queue.addEventListener("idle", () => window.seen.push("idle"));
  }, wire.url);
});
afterEach(async () => {
  await page.close();
  await pages.close();
  await wire.close();
});

function add(fileName: string, size = 1000): Promise<void> {
  return page.evaluate(
    ({ fileName, size }) => {
      window.queue.add({ file: new Blob([new Uint8Array(size).fill(97)]), fileName });
    },
    { fileName, size },
  );
}

const seen = () => page.evaluate(() => window.seen);
const states = () => page.evaluate(() => window.queue.tasks.map(({ state }) => state));

/** Waits for the queue to end by itself. @returns the outcome that it reports for each task */
function outcome() {
  return page.evaluate(async () => {
    await window.queue.idle();
    return window.queue.tasks.map(({ options, result, error, state }) => ({
      fileName: options.fileName,
      fileId: result?.fileId,
      reason: error?.reason,
      state,
    }));
  });
}

/** Expects that no file is stored twice, and that the queue reports exactly the stored files. */
async function expectTold(url: string, told: Awaited<ReturnType<typeof outcome>>): Promise<void> {
  const names = told.map(({ fileName }) => fileName.replace(/\..*/, "_"));
  const listed = (await listFiles(url)).filter(({ filePath }) => names.some((name) => filePath.startsWith(`/${name}`)));
  expect(listed.map(({ fileId }) => fileId).sort()).toEqual(told.flatMap(({ fileId }) => fileId ?? []).sort());
}

test("many files go three at a time, each with a token of its own, and the end is told once", async () => {
  for (let index = 0; index < 12; index++) await add(`many-${index}.txt`, 10_000);
  const told = await outcome();
  expect(told.map(({ state }) => state)).toEqual(Array(12).fill("done"));
  await expectTold(server.url, told);
  expect(await page.evaluate(() => window.busiest)).toBeLessThanOrEqual(3);
  expect(new Set(pages.minted.map(({ token }) => token)).size).toBe(12);
  await expect.poll(seen).toContain("idle");
});

test("a pause aborts what is sent, and what is resumed is sent with another token, once", async () => {
  wire.holdAfter = 300_000;
  await add("paused.txt", 7 * MiB);
  await expect.poll(() => wire.uploads.length).toBe(1);
  await page.evaluate(() => window.queue.pause());
  expect(await states()).toEqual(["paused"]);
  await add("later.txt");
  expect(await states()).toEqual(["paused", "paused"]);
  wire.holdAfter = Number.POSITIVE_INFINITY;
  await page.evaluate(() => window.queue.resume());
  const told = await outcome();
  expect(told.map(({ state }) => state)).toEqual(["done", "done"]);
  await expectTold(server.url, told);
  expect(pages.minted).toHaveLength(3);
});

test("a pause after the last byte loses nothing: what was stored is asked for", async () => {
  wire.answers = "hold";
  await add("late.txt");
  await expect
    .poll(async () => (await listFiles(server.url)).some(({ filePath }) => filePath.startsWith("/late_")))
    .toBe(true);
  await page.evaluate(() => window.queue.tasks[0]?.pause());
  expect(await states()).toEqual(["paused"]);
  await page.evaluate(() => window.queue.tasks[0]?.resume());
  await expectTold(server.url, await outcome());
  expect(await states()).toEqual(["done"]);
  expect(pages.minted).toHaveLength(1);
});

test("what is canceled leaves nothing, frees its place, and can be tried again", async () => {
  wire.holdAfter = 300_000;
  for (const name of ["a", "b", "c", "d"]) await add(`canceled-${name}.txt`, 7 * MiB);
  await expect.poll(() => wire.uploads.length).toBe(3);
  await page.evaluate(() => window.queue.tasks[0]?.cancel());
  expect(await page.evaluate(() => window.queue.tasks[0]?.done.catch(({ reason }) => reason))).toBe("ABORTED");
  await expect.poll(() => wire.uploads.length).toBe(4);
  await page.evaluate(() => window.queue.cancel());
  expect(await states()).toEqual(Array(4).fill("canceled"));
  wire.holdAfter = Number.POSITIVE_INFINITY;
  await page.evaluate(() => {
    window.queue.tasks[0]?.retry();
    for (const task of window.queue.tasks.slice(1)) window.queue.remove(task);
  });
  const told = await outcome();
  expect(told).toMatchObject([{ fileName: "canceled-a.txt", state: "done" }]);
  await expectTold(server.url, told);
});

test("what failed is tried again by hand, and has no error any more", async () => {
  for (let time = 0; time < 4; time++) pages.instead.push((response) => response.writeHead(500).end());
  await add("failed.txt");
  expect(await outcome()).toMatchObject([{ state: "failed", reason: "TOKEN_ENDPOINT" }]);
  await page.evaluate(() => window.queue.tasks[0]?.retry());
  const told = await outcome();
  expect(told).toMatchObject([{ state: "done", reason: undefined }]);
  await expectTold(server.url, told);
});

test("offline it waits, whatever the number of repetitions, until the network is back", async () => {
  await page.context().setOffline(true);
  await add("offline.txt");
  await expect.poll(states).toEqual(["waiting"]);
  await page.waitForTimeout(1500);
  // It tries again from time to time, so it may be trying just now.
  await expect.poll(states).toEqual(["waiting"]);
  expect((await seen()).filter((event) => !/^offline\.txt (queued|waiting|sending)$/.test(event))).toEqual([]);
  await page.context().setOffline(false);
  const told = await outcome();
  expect(told).toMatchObject([{ state: "done" }]);
  await expectTold(server.url, told);
});

test("a server that is killed in the middle and started again: the queue ends by itself, nothing is there twice", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const first = await startServerProcess({ dataDir });
    wire.target = first.url;
    wire.holdAfter = 400_000;
    for (let index = 0; index < 6; index++) await add(`killed-${index}.txt`, 2 * MiB + index);
    await expect.poll(() => wire.uploads.length).toBe(3);
    await first.kill();
    wire.holdAfter = Number.POSITIVE_INFINITY;
    const second = await startServerProcess({ dataDir });
    try {
      wire.target = second.url;
      const told = await outcome();
      expect(told.map(({ state }) => state)).toEqual(Array(6).fill("done"));
      await expectTold(second.url, told);
    } finally {
      await second.stop();
    }
  });
});

test("a server that is killed between commit and answer: what it had stored is not sent again", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const first = await startServerProcess({ dataDir });
    wire.target = first.url;
    wire.answers = "hold";
    for (let index = 0; index < 3; index++) await add(`answer-${index}.txt`, 100_000 + index);
    await expect.poll(() => listFiles(first.url)).toHaveLength(3);
    wire.answers = "pass";
    await first.kill();
    const second = await startServerProcess({ dataDir });
    try {
      wire.target = second.url;
      const told = await outcome();
      expect(told.map(({ state }) => state)).toEqual(Array(3).fill("done"));
      await expectTold(second.url, told);
      expect(pages.minted).toHaveLength(3);
    } finally {
      await second.stop();
    }
  });
});
