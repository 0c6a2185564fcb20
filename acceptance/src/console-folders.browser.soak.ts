import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;

async function upload(fileName: string, more: Record<string, string> = {}): Promise<string> {
  const fields = { fileName, useUniqueFileName: "false", ...more };
  const answer = await uploadBasic(server.url, await jpeg(60, 40), fields);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.fileId;
}

beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  browser = await launchBrowser();
  await upload("harbour.jpg", { folder: "/summer/boats" });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

interface Shift {
  readonly sources: readonly { readonly node: Node | null }[];
}

/** Runs in the page. What has moved in the navigation since it was opened, without anything that a user did. */
function shiftedLinks(): Promise<string[]> {
  return new Promise((resolve) => {
    const moved: string[] = [];
    const observer = new PerformanceObserver((list) => {
      const shifts = list.getEntries() as never as readonly Shift[];
      const nodes = shifts.flatMap(({ sources }) => sources.map(({ node }) => node));
      moved.push(
        ...nodes.filter((node) => node?.parentElement?.closest("nav")).map((node) => String(node?.textContent)),
      );
    });
    observer.observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(moved), 500);
  });
}

describe("folders", () => {
  test("that don't exist are told from empty ones, with a way to the closest one that does", async () => {
    const page = await openOnSmallScreen(browser, server.url);
    await page.goto(`${server.url}/console/library/summer/bots/old`);
    const way = page.getByRole("link", { name: "Go to summer" });
    await page.getByRole("heading", { name: "There is no folder “old”" }).waitFor();
    expect(await page.getByText("This folder is empty").count()).toBe(0);
    expect(await faultsOnScreens(page, way)).toEqual([]);
    await way.focus();
    await page.keyboard.press("Enter");
    await cellOf(page, "boats").waitFor();
    await call(server.url, "POST", "/v1/folder", { body: { folderName: "bots", parentFolderPath: "/summer" } });
    await page.goto(`${server.url}/console/library/summer/bots`);
    await page.getByText("This folder is empty").waitFor();
  });

  test("are chosen for a move by search, by going to one used before, and by making one", async () => {
    for (const name of ["one.jpg", "two.jpg", "three.jpg"]) await upload(name);
    const page = await openOnSmallScreen(browser, server.url);
    const dialog = page.getByRole("dialog");
    const openPicker = async (name: string): Promise<void> => {
      await cellOf(page, name).getByRole("checkbox").check({ force: true });
      await page.getByRole("toolbar").getByRole("button", { name: "Move" }).press("Enter");
      await dialog.getByRole("textbox", { name: "Search folders" }).waitFor();
    };
    await openPicker("one.jpg");
    expect(await dialog.getByText("Recent").count()).toBe(0);
    // The dialog opens with the search, and the keyboard leads on to what it finds.
    await page.keyboard.type("boa");
    const found = dialog.getByRole("button", { name: "boats /summer" });
    await found.waitFor();
    expect(await faultsOnScreens(page, found)).toEqual([]);
    await found.press("Enter");
    await dialog.getByText("/summer/boats").waitFor();
    await dialog.getByRole("button", { name: "Move to boats" }).press("Enter");
    await page.getByText("1 item moved to /summer/boats").waitFor();

    await openPicker("two.jpg");
    await dialog.getByRole("group", { name: "Recent folders" }).getByRole("button", { name: "boats" }).click();
    await dialog.getByRole("button", { name: "Move to boats" }).press("Enter");
    await cellOf(page, "two.jpg").waitFor({ state: "detached" });

    await openPicker("three.jpg");
    await dialog.getByRole("button", { name: "summer" }).click();
    await dialog.getByRole("button", { name: "New folder" }).click();
    const name = dialog.getByRole("textbox", { name: "Folder name" });
    expect(await faultsOnScreens(page, name)).toEqual([]);
    // The field takes the keyboard once, when it appears.
    const search = dialog.getByRole("textbox", { name: "Search folders" });
    await search.focus();
    await page.keyboard.type("boa");
    await found.waitFor();
    expect(await search.inputValue()).toBe("boa");
    await search.fill("");
    await name.fill("trains");
    await name.press("Enter");
    await dialog.getByText("/summer/trains").waitFor();
    await dialog.getByRole("button", { name: "Move to trains" }).press("Enter");
    await cellOf(page, "three.jpg").waitFor({ state: "detached" });
    const { body } = await call(
      server.url,
      "GET",
      "/v1/files?searchQuery=name%20IN%20%5B%22one.jpg%22%2C%22three.jpg%22%5D",
    );
    const paths = body.map(({ filePath }: { filePath: string }) => filePath);
    expect(paths.sort()).toEqual(["/summer/boats/one.jpg", "/summer/trains/three.jpg"]);

    // A folder that is gone is offered no more, and who signs out leaves nothing behind.
    await call(server.url, "DELETE", "/v1/folder", { body: { folderPath: "/summer/trains" } });
    await page.reload();
    await upload("four.jpg");
    await openPicker("four.jpg");
    await dialog.getByRole("button", { name: "boats" }).waitFor();
    expect(await dialog.getByRole("button", { name: "trains" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("textbox", { name: "Public key" }).waitFor();
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });

  test("are chosen for a move where the browser keeps nothing", async () => {
    await upload("kept.jpg");
    const page = await openOnSmallScreen(browser, server.url);
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("The storage is full", "QuotaExceededError");
      };
    });
    await page.reload();
    await cellOf(page, "kept.jpg").getByRole("checkbox").check({ force: true });
    await page.getByRole("toolbar").getByRole("button", { name: "Move" }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "summer" }).click();
    await dialog.getByRole("button", { name: "Move to summer" }).click();
    await page.getByText("1 item moved to /summer").waitFor();
  });

  test("stand in the navigation without moving its links, which all stay on the screen", async () => {
    for (let n = 10; n < 50; n++) {
      await call(server.url, "POST", "/v1/folder", { body: { folderName: `folder-${n}`, parentFolderPath: "/" } });
    }
    const { page } = await openConsole(browser, server.url, "");
    const folders = page.getByRole("group", { name: "Folder tree" });
    await folders.getByRole("link", { name: "folder-49" }).waitFor();
    const bottom = await page
      .getByRole("link", { name: "Health" })
      .evaluate((link) => link.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThanOrEqual(800);
    expect(await page.evaluate(shiftedLinks)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: "Menu" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("link", { name: "folder-49" }).waitFor();
    const end = await drawer
      .getByRole("link", { name: "Health" })
      .evaluate((link) => link.getBoundingClientRect().bottom);
    expect(end).toBeLessThanOrEqual(740);
  });

  test("and files have all actions of a selection on a small screen", async () => {
    await upload("last.jpg", { folder: "/last" });
    const page = await openOnSmallScreen(browser, server.url);
    await page.goto(`${server.url}/console/library/last`);
    await cellOf(page, "last.jpg").getByRole("checkbox").check({ force: true });
    const bar = page.getByRole("toolbar", { name: "1 item selected" });
    for (const name of ["Clear selection", "Tags", "Move", "Copy", "Delete", "Download", "More"]) {
      const { left, right, width } = await bar
        .getByRole("button", { name, exact: true })
        .evaluate((button) => button.getBoundingClientRect());
      expect([name, left >= 0, right <= 360, width >= 24]).toEqual([name, true, true, true]);
    }
    expect(await faultsOnScreens(page, bar)).toEqual([]);
  });
});
