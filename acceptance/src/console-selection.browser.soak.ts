import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

// A selection is a description: it holds files that the page has not loaded.

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

async function fill(folder: string, count: number): Promise<void> {
  const upload = (number: number) =>
    uploadBasic(server.url, `note ${number}`, { fileName: nameOf(number), folder, useUniqueFileName: "false" });
  for (let from = 0; from < count; from += 20) {
    await Promise.all(Array.from({ length: Math.min(20, count - from) }, (_, place) => upload(from + place)));
  }
}

const widths = [360, 1280] as const;

async function open(path: string, width = 1280): Promise<Page> {
  const viewport = { width, height: width === 360 ? 740 : 800 };
  const { page } = await openConsole(browser, server.url, `library${path}?sort=ASC_NAME`, { viewport });
  await cellOf(page, nameOf(0)).waitFor();
  return page;
}

async function filesIn(path: string, more = ""): Promise<readonly { readonly name: string }[]> {
  return (await call(server.url, "GET", `/v1/files?type=file&limit=1000&path=${path}${more}`)).body;
}

const bar = (page: Page, text: string) => page.getByRole("toolbar", { name: text }).waitFor();

describe.each(widths)("at %i pixels", (width) => {
  test("all of 500 files are selected, and deleted and put back as one", async () => {
    const folder = `/all-${width}`;
    await fill(folder, 500);
    const page = await open(folder, width);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press("Control+a");
    await bar(page, "500 items selected");
    expect(await page.evaluate(() => String(getSelection()))).toBe("");
    await page.keyboard.press("Delete");
    await page.getByText("500 items moved to trash").waitFor({ timeout: 60_000 });
    expect(await filesIn(folder)).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Restored 500 files").waitFor({ timeout: 60_000 });
    expect(await filesIn(folder)).toHaveLength(500);
    await cellOf(page, nameOf(0)).waitFor();

    await cellOf(page, nameOf(2)).focus();
    await page.keyboard.press("Shift+End");
    await bar(page, "498 items selected");
    await cellOf(page, nameOf(499)).waitFor();
    await page.keyboard.press("Home");
    await cellOf(page, nameOf(2)).getByRole("checkbox").click({ force: true });
    await bar(page, "497 items selected");
    await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
    const dialog = page.getByRole("dialog", { name: "Tags of 497 files" });
    await dialog.getByRole("combobox").fill("most");
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Tags added to 497 files").waitFor({ timeout: 60_000 });
    const tagged = await filesIn(folder, "&tags=most");
    expect(tagged.map(({ name }) => name).sort()).toEqual(Array.from({ length: 497 }, (_, place) => nameOf(place + 3)));
  });

  test("a search's files are counted before their number is said, and moved by it", async () => {
    const folder = `/found-${width}`;
    await fill(folder, 250);
    const { page } = await openConsole(browser, server.url, `library${folder}?q=note&sort=ASC_NAME`, {
      viewport: { width, height: 740 },
    });
    await cellOf(page, nameOf(0)).waitFor();
    await page.keyboard.press("Control+a");
    await bar(page, "250 items selected");
    // A file that comes later was not chosen.
    await uploadBasic(server.url, "late", { fileName: "note-late.txt", folder, useUniqueFileName: "false" });
    await call(server.url, "POST", "/v1/folder", { body: { folderName: "target", parentFolderPath: folder } });
    await uploadBasic(server.url, "taken", {
      fileName: nameOf(7),
      folder: `${folder}/target`,
      useUniqueFileName: "false",
    });
    await page.getByRole("toolbar").getByRole("button", { name: "Move" }).click();
    const dialog = page.getByRole("dialog", { name: "Move 250 items" });
    await dialog.getByRole("button", { name: "target" }).click();
    await dialog.getByRole("button", { name: "Move to target" }).click();
    await page.getByText(`249 items moved to ${folder}/target`).waitFor({ timeout: 60_000 });
    await page.getByText("Failed for 1 of 250 items").waitFor();
    await page.getByText(`${nameOf(7)}: a file with this name already exists there`).waitFor();
    expect((await filesIn(folder)).map(({ name }) => name).sort()).toEqual([nameOf(7), "note-late.txt"]);
  });

  test("a click with Shift selects the files between, on a box as on a card, loaded or not", async () => {
    const folder = `/between-${width}`;
    await fill(folder, 300);
    const page = await open(`${folder}`, width);
    await page.getByText("List", { exact: true }).click({ force: true });
    await cellOf(page, nameOf(1)).getByRole("checkbox").click();
    await cellOf(page, nameOf(4))
      .getByRole("checkbox")
      .click({ modifiers: ["Shift"] });
    await bar(page, "4 items selected");
    await cellOf(page, nameOf(3)).click({ modifiers: ["Shift"] });
    await bar(page, "3 items selected");
    await page.getByRole("grid").evaluate((grid) => {
      const scroller = grid.parentElement?.parentElement;
      if (scroller) scroller.scrollTop = scroller.scrollHeight;
    });
    await cellOf(page, nameOf(298))
      .getByRole("checkbox")
      .click({ modifiers: ["Shift"] });
    await bar(page, "298 items selected");
    expect(await cellOf(page, nameOf(299)).getAttribute("aria-selected")).toBe("false");
    expect(await cellOf(page, nameOf(297)).getAttribute("aria-selected")).toBe("true");
  });
});

test("work on many files is stopped, and says what is left", async () => {
  await fill("/halfway", 300);
  const page = await open("/halfway");
  await page.route("**/v1/files/addTags", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });
  await page.keyboard.press("Control+a");
  await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
  await page.getByRole("dialog").getByRole("combobox").fill("some");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("50 of 300").waitFor();
  await page.getByRole("progressbar", { name: "Updating tags of 300 files" }).waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByText("Tags added to 100 files").waitFor();
  await page.getByText("Stopped. 200 items not changed.").waitFor();
  expect(await filesIn("/halfway", "&tags=some")).toHaveLength(100);
});

test("a selection, its progress and its failures fit both screens, without a fault that axe finds", async () => {
  await fill("/looks", 130);
  const page = await openOnSmallScreen(browser, server.url);
  await page.goto(`${server.url}/console/library/looks?sort=ASC_NAME`);
  await cellOf(page, nameOf(0)).waitFor();
  await page.keyboard.press("Control+a");
  await bar(page, "130 items selected");
  const faults = (await faultsOnScreens(page, page.getByRole("toolbar"))).map((fault) => `the selection: ${fault}`);
  const refusal = { status: 400, json: { message: "No." } };
  await page.route("**/v1/files/batch/deleteByFileIds*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.fulfill(refusal);
  });
  await page.keyboard.press("Delete");
  const progress = page.getByRole("progressbar", { name: "Moving 130 items to trash" });
  faults.push(...(await faultsOnScreens(page, progress)).map((fault) => `the progress: ${fault}`));
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByText(/^Failed for \d+ of 130 items$/).waitFor();
  await page.getByText(/^Stopped\. \d+ items not changed\.$/).waitFor();
  const found = await faultsOnScreens(page, page.getByText(/^Failed for/));
  faults.push(...found.map((fault) => `the failures: ${fault}`));
  expect(faults).toEqual([]);
});
