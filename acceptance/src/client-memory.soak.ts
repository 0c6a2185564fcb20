import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type ClientPages, startClientPages } from "./harness/client-page.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { listFiles } from "./harness/library.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

const MiB = 1024 * 1024;
const size = 5_000_000;

let server: RunningServer;
let pages: ClientPages;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  pages = await startClientPages();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await server?.stop();
});

test("after 200 files of 5 MB a page needs as much memory as after the 20th", { timeout: 300_000 }, async ({
  annotate,
}) => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "five.bin");
    await writeFile(path, randomBytes(size));
    const page = await browser.newPage();
    await page.goto(pages.url);
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { type: "file" })));
    await page.locator("input").setInputFiles(path);
    await upload(page, 20);
    const before = await memoryOf(page);
    await upload(page, 180);
    const after = await memoryOf(page);
    await annotate(`${JSON.stringify({ before, after })}`);
    expect(await listFiles(server.url)).toHaveLength(200);
    expect(after.heap - before.heap).toBeLessThan(32 * MiB);
    expect(after.resident - before.resident).toBeLessThan(32 * MiB);
  });
});

/** Adds so many uploads of the chosen file to the page's queue, which keeps them all, and waits for them. */
function upload(page: Page, count: number): Promise<void> {
  return page.evaluate(
    async ({ endpoint, count }) => {
      window.queue ??= new window.client.UploadQueue({ endpoint, getToken: "/token" });
      const [file] = document.querySelector("input")?.files ?? [];
      if (file === undefined) throw new Error("no file was chosen");
      for (let index = 0; index < count; index++) window.queue.add({ file, fileName: "five.bin" });
      await window.queue.idle();
      const failed = window.queue.tasks.find(({ state }) => state !== "done");
      if (failed !== undefined) throw new Error(`${failed.state}: ${failed.error}`);
    },
    { endpoint: server.url, count },
  );
}

/** Bytes, after garbage has been collected: of the page's objects, and of the process that runs it. */
async function memoryOf(page: Page): Promise<{ heap: number; resident: number }> {
  const devtools = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  try {
    for (let time = 0; time < 3; time++) await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter(({ type }) => type === "renderer");
    const resident = await Promise.all(renderers.map(({ id }) => residentOf(id)));
    return { heap: usedSize, resident: Math.max(...resident) };
  } finally {
    await devtools.detach();
    await whole.detach();
  }
}

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
