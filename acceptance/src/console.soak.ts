import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, dropOnLibrary, openConsole } from "./harness/console-page.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { call } from "./harness/media-api.ts";
import { memoryOf } from "./harness/page-memory.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

const MB = 1_000_000;

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

test("200 files that are dropped in a folder are all stored, while other views are shown", {
  timeout: 180_000,
}, async ({ annotate }) => {
  await withTemporaryFolder(async (folder) => {
    const dropped = join(folder, "journey");
    await mkdir(join(dropped, "days"), { recursive: true });
    for (let number = 0; number < 200; number++) {
      const place = number % 2 === 0 ? dropped : join(dropped, "days");
      await writeFile(join(place, `photo-${number}.bin`), randomBytes(MB / 4));
    }
    const { page, problems } = await openConsole(browser, server.url, "library/");
    const before = await memoryOf(browser, page);
    await dropOnLibrary(page, [dropped]);
    await page.getByText(/Uploading \d+ files/).waitFor();
    const bar = page.getByRole("progressbar", { name: /Uploading/ });
    await expect.poll(async () => Number(await bar.getAttribute("aria-valuenow"))).toBeGreaterThan(5);
    // Only the rows in sight are in the page.
    expect(await page.getByRole("region", { name: "Files" }).getByRole("listitem").count()).toBeLessThan(40);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Library" }).first().click();
    await page.getByText("200 files uploaded").waitFor({ timeout: 120_000 });
    const after = await memoryOf(browser, page);
    await annotate(JSON.stringify({ before, after }));
    for (const path of ["/journey", "/journey/days"]) {
      expect((await call(server.url, "GET", `/v1/files/marks?path=${path}`)).body.total).toBe(100);
    }
    expect(after.heap - before.heap).toBeLessThan(16 * MB);
    expect(after.resident - before.resident).toBeLessThan(100 * MB);
    expect(problems).toEqual([]);
  });
});

const parts = 50;
const filesInPart = 100;

test("a folder of 5,000 files is merged with another one: first asked, then with progress, and locked meanwhile", {
  timeout: 180_000,
}, async () => {
  await fillFolders();
  const one = (await openConsole(browser, server.url, "library/")).page;
  const other = (await openConsole(browser, server.url, "library/")).page;
  await cellOf(other, "all").focus();
  await other.keyboard.press("F2");
  await other.getByRole("textbox", { name: "New name" }).fill("everything");

  await cellOf(one, "all").hover();
  await cellOf(one, "all").getByRole("checkbox").check({ force: true });
  await one.getByRole("toolbar").getByRole("button", { name: "Move" }).click();
  const dialog = one.getByRole("dialog");
  await dialog.getByRole("button", { name: "target", exact: true }).click();
  await one.getByRole("button", { name: "Move to target" }).click();
  await one.getByText("/target already has a folder named all").waitFor();
  expect((await call(server.url, "GET", "/v1/files?path=/target/all/f0/part")).body).toEqual([]);
  await one.getByRole("button", { name: "Merge folders" }).click();
  await one.getByText(/^Moving folder all: [\d,]+ of [\d,]+ files and folders are moved\.$/).waitFor();

  await other.keyboard.press("Enter");
  await other.getByRole("dialog").getByText("You can change it once that's done.").waitFor();

  await one.getByText("1 item moved to /target").waitFor({ timeout: 120_000 });
  await expect.poll(() => cellOf(one, "all").count()).toBe(0);
  for (const part of [0, parts - 1]) {
    const { body } = await call(server.url, "GET", `/v1/files/marks?path=/target/all/f${part}/part`);
    expect(body.total).toBe(filesInPart);
  }
});

/** Makes `/all` with 5,000 files, and `/target/all` with the same folders, empty. */
async function fillFolders(): Promise<void> {
  for (let number = 0; number < filesInPart; number++) {
    await uploadBasic(server.url, `file ${number}`, { fileName: `file-${number}.txt`, folder: "/part" });
  }
  for (let part = 0; part < parts; part++) {
    const body = { sourceFolderPath: "/part", destinationPath: `/all/f${part}` };
    const { jobId } = (await call(server.url, "POST", "/v1/bulkJobs/copyFolder", { body })).body;
    await expect
      .poll(async () => (await call(server.url, "GET", `/v1/bulkJobs/${jobId}`)).body.status, { interval: 20 })
      .toBe("Completed");
    const folder = { folderName: "part", parentFolderPath: `/target/all/f${part}` };
    await call(server.url, "POST", "/v1/folder", { body: folder });
  }
}
