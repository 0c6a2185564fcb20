import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, openConsole } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

// What others change and what fails while something is done to a selection.

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const nameOf = (number: number): string => `note-${String(number).padStart(3, "0")}.txt`;
const deletion = "**/v1/files/batch/deleteByFileIds*";

/** @returns the ids of the files, in their order */
async function fill(folder: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += 20) {
    const part = Array.from({ length: Math.min(20, count - from) }, (_, place) => upload(folder, nameOf(from + place)));
    ids.push(...(await Promise.all(part)));
  }
  return ids;
}

async function upload(folder: string, fileName: string): Promise<string> {
  return (await uploadBasic(server.url, fileName, { fileName, folder, useUniqueFileName: "false" })).body.fileId;
}

async function openAndSelectAll(folder: string, text: string): Promise<Page> {
  const { page } = await openConsole(browser, server.url, `library${folder}?sort=ASC_NAME`);
  await cellOf(page, nameOf(0)).waitFor();
  await page.keyboard.press("Control+a");
  await bar(page, text);
  return page;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const { body } = await call(server.url, "GET", `/v1/files?type=all&limit=1000&path=${folder}&sort=ASC_NAME`);
  return body.map(({ name }: { readonly name: string }) => name);
}

const bar = (page: Page, text: string) => page.getByRole("toolbar", { name: text }).waitFor();
const failed = (page: Page) => page.getByText(/^Failed for/);

test("what others delete meanwhile is named, and what they add stays", async () => {
  const ids = await fill("/others", 150);
  const page = await openAndSelectAll("/others", "150 items selected");
  // The ids are asked for at once, as the page has loaded 100 files alone.
  await page.waitForLoadState("networkidle");
  for (const number of [3, 120]) await call(server.url, "DELETE", `/v1/files/${ids[number]}`);
  for (const name of ["late.txt", "note-050b.txt"]) await upload("/others", name);
  await page.keyboard.press("Delete");
  await page.getByText("148 items moved to trash").waitFor();
  await page.getByText("Failed for 2 of 150 items").waitFor();
  for (const number of [3, 120]) await page.getByText(`${nameOf(number)} no longer exists`).waitFor();
  expect(await namesIn("/others")).toEqual(["late.txt", "note-050b.txt"]);
});

test("a file that the server refuses keeps no other, and stays selected", async () => {
  const ids = await fill("/refused", 150);
  const page = await openAndSelectAll("/refused", "150 items selected");
  const message = "This one can't be deleted.";
  await page.route(deletion, (route) => {
    const isRefused = route.request().postData()?.includes(String(ids[77])) === true;
    return isRefused ? route.fulfill({ status: 400, json: { message } }) : route.continue();
  });
  await page.keyboard.press("Delete");
  await page.getByText("149 items moved to trash").waitFor();
  await page.getByText("Failed for 1 of 150 items").waitFor();
  await page.getByText(`${nameOf(77)}: ${message}`).waitFor();
  await bar(page, "1 item selected");
  expect(await namesIn("/refused")).toEqual([nameOf(77)]);
});

test("when the server goes away in the middle, what is left is counted and stays selected", async () => {
  await fill("/away", 250);
  const page = await openAndSelectAll("/away", "250 items selected");
  await page.waitForLoadState("networkidle");
  let requests = 0;
  await page.route(deletion, (route) => (++requests > 1 ? route.abort() : route.continue()));
  await page.keyboard.press("Delete");
  await page.getByText("100 items moved to trash").waitFor();
  await page.getByText("Stopped. 150 items not changed.").waitFor();
  await bar(page, "150 items selected");
  expect(requests).toBe(2);
  await page.unroute(deletion);
  await page.keyboard.press("Delete");
  await page.getByText("250 items moved to trash").waitFor();
  expect(await namesIn("/away")).toEqual([]);
});

test("a second press of Delete deletes nothing twice", async () => {
  await fill("/twice", 250);
  const page = await openAndSelectAll("/twice", "250 items selected");
  await page.waitForLoadState("networkidle");
  await page.route(deletion, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await route.continue();
  });
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await page.getByText("250 items moved to trash").waitFor();
  expect(await failed(page).count()).toBe(0);
});

test("folders are counted, and deleted with what is in them after a question", async () => {
  await fill("/mixed", 130);
  for (const folderName of ["one", "two", "three"]) {
    await call(server.url, "POST", "/v1/folder", { body: { folderName, parentFolderPath: "/mixed" } });
  }
  await upload("/mixed/two", "inside.txt");
  const page = await openAndSelectAll("/mixed", "133 items selected");
  expect(await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).count()).toBe(0);
  await page.keyboard.press("Delete");
  const dialog = page.getByRole("dialog", { name: "Delete 133 items?" });
  await dialog.getByText("Deleting a folder deletes everything in it.").waitFor();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("133 items moved to trash").waitFor();
  expect(await namesIn("/mixed")).toEqual([]);
});

test("a range goes from its first file to its last, although others have come before it", async () => {
  await fill("/shifted", 450);
  const { page } = await openConsole(browser, server.url, "library/shifted?sort=ASC_NAME&view=list");
  await cellOf(page, nameOf(2)).getByRole("checkbox").click();
  await page.getByRole("grid").evaluate((grid) => {
    const scroller = grid.parentElement?.parentElement;
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
  });
  await cellOf(page, nameOf(449)).waitFor();
  // The page has not heard of it yet.
  await upload("/shifted", "before.txt");
  await cellOf(page, nameOf(448))
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  await bar(page, "447 items selected");
  await page.keyboard.press("Delete");
  await page.getByText("447 items moved to trash").waitFor();
  expect(await namesIn("/shifted")).toEqual(["before.txt", nameOf(0), nameOf(1), nameOf(449)]);
});
