import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, openConsole } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

/** More files than one page of the list has. */
const fileCount = 260;

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const upload = (fileName: string, folder: string) =>
    uploadBasic(server.url, fileName, { fileName, folder, useUniqueFileName: "false" });
  for (let n = 0; n < fileCount; n += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, at) => upload(`${String(n + at).padStart(3, "0")}.txt`, "/many")));
  }
  for (let n = 10; n < 40; n++) {
    await call(server.url, "POST", "/v1/folder", { body: { folderName: `sub-${n}`, parentFolderPath: "/many" } });
  }
  await upload("inner.txt", "/many/sub-35");
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const at = (width: number) => ({ viewport: { width, height: 740 } });
const topOf = (page: Page, name: string) =>
  cellOf(page, name).evaluate((cell) => Math.round(cell.getBoundingClientRect().top));
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

describe("a step back leads to where a folder was left", () => {
  test.each([360, 1280])("at %i pixels, from a folder in it, with the keyboard", async (width) => {
    const { page } = await openConsole(browser, server.url, "library/many?sort=ASC_NAME", at(width));
    await cellOf(page, "sub-35").scrollIntoViewIfNeeded();
    const top = await topOf(page, "sub-35");
    await cellOf(page, "sub-35").click();
    await cellOf(page, "inner.txt").waitFor();
    await page.goBack();
    await cellOf(page, "sub-35").waitFor();
    await expect.poll(() => topOf(page, "sub-35")).toBe(top);
    await expect.poll(() => focusedText(page)).toBe("sub-35");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => focusedText(page)).toBe("sub-34");
  });

  test("from another view, to a file beyond the first page, at another width of the window too", async () => {
    const { page } = await openConsole(browser, server.url, "library/many?sort=ASC_NAME", at(1280));
    await page.getByText("260 files").waitFor();
    await cellOf(page, "sub-10").focus();
    await page.keyboard.press("End");
    await cellOf(page, "259.txt").waitFor();
    for (let n = 0; n < 6; n++) await page.keyboard.press("ArrowUp");
    const file = String(await focusedText(page)).slice(0, 7);
    await expect.poll(() => cellOf(page, file).count()).toBe(1);
    const top = await topOf(page, file);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Usage" }).first().waitFor();
    await page.goBack();
    await cellOf(page, file).waitFor();
    await expect.poll(() => topOf(page, file)).toBe(top);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Usage" }).first().waitFor();
    await page.setViewportSize({ width: 900, height: 740 });
    await page.goBack();
    await cellOf(page, file).waitFor();
    await expect.poll(() => topOf(page, file)).toBeLessThan(740);
    await expect.poll(() => topOf(page, file)).toBeGreaterThan(50);
  });

  test("also where files have come and gone meanwhile, and a link leads to the beginning", async () => {
    const { page } = await openConsole(browser, server.url, "library/many?sort=ASC_NAME", at(1280));
    await page.getByText("260 files").waitFor();
    await cellOf(page, "sub-10").focus();
    await page.keyboard.press("End");
    await cellOf(page, "259.txt").waitFor();
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByRole("heading", { name: "Trash" }).waitFor();
    await uploadBasic(server.url, "new", { fileName: "000a.txt", folder: "/many", useUniqueFileName: "false" });
    await page.goBack();
    await cellOf(page, "259.txt").waitFor();
    // The list is brought up to date, and stays at its place. All views are brought up to date every 20 seconds anyway.
    await page.getByText("261 files").waitFor({ timeout: 10_000 });
    await cellOf(page, "259.txt").waitFor();
    await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Library" }).click();
    await cellOf(page, "many").click();
    await expect.poll(() => topOf(page, "sub-10")).toBeGreaterThan(0);
  });
});

test("details that open beside the files leave the clicked file in sight", async () => {
  const { page } = await openConsole(browser, server.url, "library/many?sort=ASC_NAME", at(1280));
  const isInSight = (name: string) =>
    cellOf(page, name).evaluate((cell) => {
      const { top = 0, bottom = 0 } = cell.parentElement?.closest("[data-view]")?.getBoundingClientRect() ?? {};
      const place = cell.getBoundingClientRect();
      return place.top >= top && place.bottom <= bottom;
    });
  // From the beginning, and from the middle of the list.
  for (const name of ["014.txt", "130.txt"]) {
    const scroller = page.locator("[data-view]").filter({ has: page.getByRole("grid") });
    while ((await cellOf(page, name).count()) === 0 || !(await isInSight(name))) {
      await scroller.evaluate((element) => element.scrollBy(0, 60));
      await page.waitForTimeout(50);
    }
    const before = await cellOf(page, name).boundingBox();
    await cellOf(page, name).click();
    await page.getByRole("complementary", { name: "Details" }).waitFor();
    // Its card has another width.
    await expect.poll(async () => (await cellOf(page, name).boundingBox())?.width).not.toBe(before?.width);
    expect(await isInSight(name)).toBe(true);
    await page.getByRole("button", { name: "Close details" }).click();
    await expect.poll(async () => (await cellOf(page, name).boundingBox())?.width).toBe(before?.width);
    expect(await isInSight(name)).toBe(true);
  }
});

describe("a selection", () => {
  test.each([360, 1280])(
    "shows ticks of folders and files, and outlives Escape in its menu, at %i pixels",
    async (width) => {
      const { page } = await openConsole(browser, server.url, "library/many?sort=ASC_NAME", at(width));
      await page.getByText(/^26\d files$/).waitFor();
      await cellOf(page, "sub-10").focus();
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Space");
      await page.keyboard.press("End");
      await cellOf(page, "259.txt").waitFor();
      await page.keyboard.press("Space");
      await page.keyboard.press("Home");
      await page.mouse.move(1, 1);
      const isSeen = (name: string) =>
        cellOf(page, name)
          .getByRole("checkbox")
          .evaluate((box) => box.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
      expect([await isSeen("sub-10"), await isSeen("sub-11")]).toEqual([true, true]);
      const bar = page.getByRole("toolbar", { name: "3 items selected" });
      await bar.getByRole("button", { name: "More" }).press("Enter");
      await page.getByRole("menuitem", { name: "Copy URLs" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("menu").waitFor({ state: "detached" });
      await bar.waitFor();
      await page.keyboard.press("Escape");
      await bar.waitFor({ state: "detached" });
    },
  );
});
