import { link, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { noisePng } from "./harness/noise.ts";
import { memoryOf } from "./harness/page-memory.ts";
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
  const early = await memoryOf(browser, page);
  await uploader.locator("input[type=file]").setInputFiles(paths.slice(20));
  await uploaded(count);
  const late = await memoryOf(browser, page);
  expect(late.resident - early.resident).toBeLessThan(32 * MiB);
  expect(late.heap - early.heap).toBeLessThan(8 * MiB);
});
