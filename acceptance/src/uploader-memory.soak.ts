import { link, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { noisePng } from "./harness/noise.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { openUploader, startUploaderApp, type UploaderApp } from "./harness/uploader-page.ts";

const MiB = 1024 * 1024;
const count = 200;

let server: RunningServer;
let browser: Browser;
let app: UploaderApp;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "sluice-memory-"));
  app = await startUploaderApp({
    server: server.url,
    pages: {
      "/": `<sluice-uploader multiple endpoint="${server.url}" token-endpoint="/upload-token"></sluice-uploader>`,
    },
  });
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("200 pictures of 5 MB leave the page as small as it was after the 20th", { timeout: 400_000 }, async () => {
  const paths = Array.from({ length: count }, (_, index) => join(folder, `picture-${index}.png`));
  const [first = "", ...others] = paths;
  await writeFile(first, await noisePng(1300, 1300));
  for (const path of others) await link(first, path);
  const { page, uploader } = await openUploader(browser, app.url);
  const uploaded = (number: number) =>
    uploader
      .locator(".summary-text")
      .getByText(new RegExp(`^${number} (uploaded|of)`))
      .waitFor({ timeout: 300_000 });

  await uploader.locator("input[type=file]").setInputFiles(paths.slice(0, 20));
  await uploaded(20);
  const early = await memoryOf(page);
  await uploader.locator("input[type=file]").setInputFiles(paths.slice(20));
  await uploaded(count);
  const late = await memoryOf(page);
  expect(late.resident - early.resident).toBeLessThan(32 * MiB);
  expect(late.heap - early.heap).toBeLessThan(8 * MiB);
});

/** Bytes of the page's process and of its scripts' heap, once what nobody needs has been collected. */
async function memoryOf(page: Page): Promise<{ resident: number; heap: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  for (let round = 0; round < 3; round++) {
    await session.send("HeapProfiler.collectGarbage");
    await page.waitForTimeout(500);
  }
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const sizes = await Promise.all(renderers.map(({ id }) => residentBytes(id)));
  await whole.detach();
  await session.detach();
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0;
  return { resident: Math.max(...sizes), heap };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
