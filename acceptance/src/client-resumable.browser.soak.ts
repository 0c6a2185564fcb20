import { createHash } from "node:crypto";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type ClientPages, startClientPages } from "./harness/client-page.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { listFiles } from "./harness/library.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { startWire, type Wire } from "./harness/wire.ts";

const MiB = 1024 * 1024;
const flags = ["--max-file-size", String(40 * MiB)];

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer({ flags });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

let wire: Wire;
let pages: ClientPages;
let context: BrowserContext;
let page: Page;
/** The page's requests for resumable uploads, as method and offset. */
let requests: string[];
beforeEach(async () => {
  wire = await startWire(server.url);
  pages = await startClientPages();
  context = await browser.newContext();
  requests = [];
  context.on("request", (request) => {
    if (request.url().includes("/_sluice/resumable")) requests.push(nameOf(request));
  });
  page = await openPage();
});
afterEach(async () => {
  await context.close();
  await pages.close();
  await wire.close();
});

function nameOf(request: Request): string {
  return [request.method(), request.headers()["upload-offset"]].filter(Boolean).join(" ");
}

const countOf = (method: string): number => requests.filter((request) => request.startsWith(method)).length;

/** Opens a page that makes the same file whenever it is asked to, as a user chooses a file again. */
async function openPage(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(pages.url);
  await prepare(page);
  return page;
}

async function prepare(page: Page): Promise<void> {
  await page.evaluate((endpoint) => {
    const fileOf = (name: string, size: number): File => {
      const numbers = Uint32Array.from({ length: size / 4 }, (_, index) => Math.imul(index, 2_654_435_761));
      return new File([numbers], name, { lastModified: 1 });
    };
    Object.assign(window, { fileOf, endpoint, reported: [] });
  }, wire.url);
}

function digestOf(size: number): string {
  const numbers = Uint32Array.from({ length: size / 4 }, (_, index) => Math.imul(index, 2_654_435_761));
  return createHash("sha256").update(numbers).digest("hex");
}

interface Outcome {
  readonly fileId?: string;
  readonly url?: string;
  readonly error?: { readonly reason: string; readonly status?: number; readonly help?: string; readonly url?: string };
}

declare global {
  interface Window {
    fileOf: (name: string, size: number) => File;
    endpoint: string;
    /** The phases and bytes that the page was told of. */
    reported: [phase: string, loaded: number][];
    abort: AbortController;
  }
}

/** Uploads from the page, with a signal that `window.abort` has. */
function upload(
  page: Page,
  fileName: string,
  size: number,
  options: object = {},
  extras: object = {},
): Promise<Outcome> {
  return page.evaluate(
    async ({ fileName, size, options, extras }) => {
      const { client, endpoint, fileOf, reported } = window;
      window.abort = new AbortController();
      try {
        const { fileId, url } = await client.upload(
          { file: fileOf(fileName, size), fileName, endpoint, getToken: "/token", ...options },
          {
            backoff: () => 200,
            signal: window.abort.signal,
            resumable: { pieceSize: 4 * 1024 * 1024 },
            ...extras,
            onProgress: ({ phase, loaded }) => reported.push([phase, loaded]),
          },
        );
        return { fileId, url };
      } catch (error) {
        const { reason, status, help, url } = error as import("@sluice/client").UploadError;
        return { error: { reason, status, help, url } };
      }
    },
    { fileName, size, options, extras },
  ) as Promise<Outcome>;
}

const seen = (from = page) => from.evaluate(() => window.reported);

/** The files in the library whose name begins like this one's. */
async function stored(url: string, fileName: string) {
  const prefix = `/${fileName.slice(0, fileName.lastIndexOf("."))}_`;
  return (await listFiles(url)).filter(({ filePath }) => filePath.startsWith(prefix));
}

/** Expects that the file is in the library once, with the bytes of the page's file. */
async function expectStoredOnce({ fileId, error }: Outcome, url: string, fileName: string, size: number) {
  expect(error).toBeUndefined();
  const files = await stored(url, fileName);
  expect(files.map((file) => file.fileId)).toEqual([fileId]);
  const { pathname } = new URL(String(files[0]?.url));
  const bytes = new Uint8Array(await (await fetch(new URL(pathname, url))).arrayBuffer());
  expect([bytes.length, createHash("sha256").update(bytes).digest("hex")]).toEqual([size, digestOf(size)]);
}

/** The number of sessions that the browser remembers. */
function remembered(): Promise<number> {
  return page.evaluate(async () => {
    const opening = indexedDB.open("sluice-resumable");
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    if (!database.objectStoreNames.contains("sessions")) return 0;
    const counting = database.transaction("sessions").objectStore("sessions").count();
    const count = await new Promise<number>((resolve) => {
      counting.onsuccess = () => resolve(counting.result);
    });
    database.close();
    return count;
  });
}

/** Holds the next connection once `bytes` of pieces have come. Resolves when it stands still. */
function holdOne(bytes: number): Promise<void> {
  wire.holdAfter = bytes;
  return new Promise((resolve) => {
    wire.onHold = () => {
      wire.holdAfter = Number.POSITIVE_INFINITY;
      resolve();
    };
  });
}

/** Cuts the network for a moment. */
async function cut(ms = 100): Promise<void> {
  wire.cut = true;
  await page.waitForTimeout(ms);
  wire.cut = false;
}

describe("a large file", () => {
  test("is uploaded in pieces, with one token, and answered as a form is", async () => {
    const result = await upload(page, "whole.bin", 30 * MiB, {}, { resumable: true });
    await expectStoredOnce(result, server.url, "whole.bin", 30 * MiB);
    expect(requests.filter((request) => !request.startsWith("OPTIONS"))).toEqual([
      "POST",
      "PATCH 0",
      `PATCH ${16 * MiB}`,
      "GET",
    ]);
    expect(pages.minted).toHaveLength(1);
    expect((await seen()).at(-1)).toEqual(["processing", 30 * MiB]);
    expect(await remembered()).toBe(0);
  });

  test("goes on where it was after each of four cuts, with one token, and its progress never falls", async () => {
    let cuts = 0;
    wire.holdAfter = 6 * MiB;
    wire.onHold = async () => {
      if (++cuts === 4) wire.holdAfter = Number.POSITIVE_INFINITY;
      await cut();
    };
    // More cuts than repetitions: those that follow progress are counted anew.
    const result = await upload(page, "cut.bin", 30 * MiB, {}, { resumable: true, retries: 3 });
    await expectStoredOnce(result, server.url, "cut.bin", 30 * MiB);
    expect([cuts, pages.minted.length, countOf("POST")]).toEqual([4, 1, 1]);
    const loaded = (await seen()).map(([, loaded]) => loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect((await seen()).map(([phase]) => phase)).toContain("resuming");
  });

  test("is resumed after a reload, when the user chooses it again", async () => {
    const held = holdOne(6 * MiB);
    void upload(page, "reload.bin", 9 * MiB).catch(() => undefined);
    await held;
    await page.reload();
    await prepare(page);
    const result = await upload(page, "reload.bin", 9 * MiB);
    await expectStoredOnce(result, server.url, "reload.bin", 9 * MiB);
    expect(countOf("POST")).toBe(1);
    const progress = await seen();
    expect(progress[0]?.[0]).toBe("resuming");
    expect(progress.find(([phase]) => phase === "sending")?.[1]).toBeGreaterThanOrEqual(4 * MiB);
    // The second token named the account and the parameters of the session, and was not used.
    expect(pages.minted).toHaveLength(2);
    expect(await remembered()).toBe(0);
  });

  test("is resumed in another tab after its own has crashed, and not while that one goes on", async () => {
    const held = holdOne(5 * MiB);
    void upload(page, "tab.bin", 9 * MiB).catch(() => undefined);
    await held;
    const other = await openPage();
    expect(await upload(other, "tab.bin", 9 * MiB)).toHaveProperty("fileId");
    expect(countOf("POST")).toBe(2);
    await page.close();
    page = other;
    const result = await upload(other, "tab.bin", 9 * MiB);
    expect(result).toHaveProperty("fileId");
    expect(countOf("POST")).toBe(2);
    expect(await stored(server.url, "tab.bin")).toHaveLength(2);
  });

  test("is not resumed with other parameters, which a token would have to admit", async () => {
    const held = holdOne(5 * MiB);
    void upload(page, "other.bin", 9 * MiB).catch(() => undefined);
    await held;
    await page.reload();
    await prepare(page);
    const result = await upload(page, "other.bin", 9 * MiB, { folder: "/elsewhere" });
    expect(result).toHaveProperty("fileId");
    expect(countOf("POST")).toBe(2);
    expect(await stored(server.url, "other.bin")).toEqual([]);
  });

  test("goes on after the server was restarted under it", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const first = await startServer({ dataDir, flags });
      wire.target = first.url;
      const held = holdOne(6 * MiB);
      const result = upload(page, "restart.bin", 9 * MiB, {}, { retries: 300 });
      await held;
      wire.cut = true;
      await first.stop();
      wire.cut = false;
      const second = await startServer({ dataDir, flags });
      try {
        wire.target = second.url;
        await expectStoredOnce(await result, second.url, "restart.bin", 9 * MiB);
        expect([pages.minted.length, countOf("POST")]).toEqual([1, 1]);
      } finally {
        await second.stop();
      }
    });
  });

  test("goes on when its bytes no longer move", async () => {
    // More than the connection's buffers hold.
    const held = holdOne(3 * MiB);
    const result = upload(page, "stalled.bin", 24 * MiB, {}, { resumable: true, stallTimeout: 1000 });
    await held;
    await expectStoredOnce(await result, server.url, "stalled.bin", 24 * MiB);
    expect([pages.minted.length, countOf("POST")]).toEqual([1, 1]);
  });

  test("ends after its retries when it gets no further, whichever request fails", async () => {
    const second = `PATCH ${4 * MiB}`;
    let asked = 0;
    await page.route("**/_sluice/resumable/*", (route, request) => {
      const fails = nameOf(request) === second || (request.method() === "HEAD" && asked++ % 2 === 0);
      return fails ? route.abort() : route.continue();
    });
    const result = await upload(page, "stuck.bin", 9 * MiB, {}, { retries: 2 });
    // The address is that of all sessions: the session's own is a secret.
    expect(result.error).toMatchObject({ reason: "INTERRUPTED", url: `${wire.url}/_sluice/resumable` });
    expect(requests.filter((request) => !/^(OPTIONS|DELETE)/.test(request))).toEqual([
      ...["POST", "PATCH 0", second],
      ...["GET", "HEAD"],
      ...["GET", "HEAD", second],
    ]);
  });

  test("takes a new token when the answer to its creation is lost", async () => {
    await page.route(
      "**/_sluice/resumable",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    const result = await upload(page, "created.bin", 9 * MiB);
    await expectStoredOnce(result, server.url, "created.bin", 9 * MiB);
    expect([pages.minted.length, countOf("POST")]).toEqual([2, 2]);
  });

  test("is not sent again when the last answer is lost", async () => {
    wire.answers = "lose";
    wire.onAnswer = () => {
      wire.answers = "pass";
    };
    const result = await upload(page, "answer.bin", 9 * MiB, {}, { resumable: true });
    await expectStoredOnce(result, server.url, "answer.bin", 9 * MiB);
    expect([pages.minted.length, countOf("POST"), countOf("PATCH")]).toEqual([1, 1, 1]);
  });

  test("that is refused in the end says why, as a form does, and is forgotten", async () => {
    const result = await upload(page, "refused.bin", 9 * MiB, { checks: '"file.mime" = "image/png"' });
    expect(result.error).toMatchObject({ reason: "CHECKS_FAILED", status: 400 });
    expect([pages.minted.length, countOf("POST"), await remembered()]).toEqual([1, 1, 0]);
  });

  test("that is too large is refused, as in a form, and is forgotten", async () => {
    const result = await upload(page, "large.bin", 41 * MiB);
    expect(result.error).toMatchObject({ reason: "FILE_TOO_LARGE" });
    expect(await remembered()).toBe(0);
  });

  test("that is canceled is ended on the server and forgotten", async () => {
    const held = holdOne(5 * MiB);
    const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
    const result = upload(page, "canceled.bin", 9 * MiB);
    await held;
    await page.evaluate(() => window.abort.abort());
    expect(await result).toMatchObject({ error: { reason: "ABORTED" } });
    expect((await deleted).status()).toBe(204);
    expect((await fetch((await deleted).url())).status).toBe(404);
    expect([await stored(server.url, "canceled.bin"), await remembered()]).toEqual([[], 0]);
  });

  test("that is paused by its signal goes on when it is uploaded again", async () => {
    const held = holdOne(5 * MiB);
    const paused = upload(page, "paused.bin", 9 * MiB);
    await held;
    await page.evaluate(() => window.abort.abort("pause"));
    expect(await paused).toMatchObject({ error: { reason: "ABORTED" } });
    expect(await remembered()).toBe(1);
    const result = await upload(page, "paused.bin", 9 * MiB);
    await expectStoredOnce(result, server.url, "paused.bin", 9 * MiB);
    expect([countOf("POST"), countOf("DELETE")]).toEqual([1, 0]);
  });

  test("goes in a form where the page says so", async () => {
    const result = await upload(page, "form.bin", 9 * MiB, {}, { resumable: false });
    await expectStoredOnce(result, server.url, "form.bin", 9 * MiB);
    expect(requests).toEqual([]);
  });
});

describe("in a queue", () => {
  /** Adds a file to the page's queue. @returns the states of its task so far, and how it ends */
  function add(fileName: string, size: number) {
    return page.evaluate(
      ({ fileName, size }) => {
        const { UploadQueue } = window.client;
        const queue = new UploadQueue({
          endpoint: window.endpoint,
          getToken: "/token",
          backoff: () => 200,
          resumable: { pieceSize: 4 * 1024 * 1024 },
        });
        queue.addEventListener("change", ({ detail: { task } }) => window.reported.push([task.state, task.loaded]));
        queue.addEventListener("progress", ({ detail: { task } }) => window.reported.push([task.state, task.loaded]));
        window.queue = queue;
        queue.add({ file: window.fileOf(fileName, size), fileName });
      },
      { fileName, size },
    );
  }
  const ended = () =>
    page.evaluate(async () => {
      await window.queue.idle();
      const [task] = window.queue.tasks;
      return { state: task?.state, fileId: task?.result?.fileId };
    });

  test("a paused task goes on where it was, with the same token", async () => {
    const held = holdOne(5 * MiB);
    await add("queue.bin", 9 * MiB);
    await held;
    await page.evaluate(() => {
      window.queue.pause();
      window.queue.resume();
    });
    const { fileId } = (await ended()) as Outcome;
    await expectStoredOnce({ fileId: String(fileId) }, server.url, "queue.bin", 9 * MiB);
    expect([pages.minted.length, countOf("POST"), countOf("DELETE")]).toEqual([1, 1, 0]);
    const states = (await seen()).map(([state]) => state);
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
      "queued",
      "sending",
      "paused",
      "queued",
      "sending",
      "resuming",
      "sending",
      "processing",
      "done",
    ]);
    const loaded = (await seen()).map(([, loaded]) => loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
  });

  test("a task that is canceled while it is paused leaves nothing, and can be tried again from its beginning", async () => {
    const held = holdOne(5 * MiB);
    await add("again.bin", 9 * MiB);
    await held;
    const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
    await page.evaluate(() => {
      window.queue.pause();
      window.queue.cancel();
    });
    expect((await deleted).status()).toBe(204);
    expect(await remembered()).toBe(0);
    await page.evaluate(() => window.queue.tasks[0]?.retry());
    const { fileId } = (await ended()) as Outcome;
    await expectStoredOnce({ fileId: String(fileId) }, server.url, "again.bin", 9 * MiB);
    expect([pages.minted.length, countOf("POST"), countOf("DELETE")]).toEqual([2, 2, 1]);
  });
});
