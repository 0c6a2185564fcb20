import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type ClientPages, startClientPages } from "./harness/client-page.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { listFiles } from "./harness/library.ts";
import { memoryOf } from "./harness/page-memory.ts";
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
    const before = await memoryOf(browser, page);
    await upload(page, 180);
    const after = await memoryOf(browser, page);
    await annotate(`${JSON.stringify({ before, after })}`);
    expect(await listFiles(server.url)).toHaveLength(200);
    expect(after.heap - before.heap).toBeLessThan(32 * MiB);
    expect(after.resident - before.resident).toBeLessThan(32 * MiB);
  });
});

/** Adds `count` uploads of the chosen file to the page's queue, which keeps them all, and waits for them. */
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
