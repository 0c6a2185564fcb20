import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

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

async function upload(fileName: string, folder: string): Promise<void> {
  const { status } = await uploadBasic(server.url, fileName, { fileName, folder, useUniqueFileName: "false" });
  expect(status).toBe(200);
}

async function pathsIn(folder: string): Promise<string[]> {
  const { body } = await call(server.url, "GET", `/v1/files?type=file&path=${folder}`);
  return body.map((file: { readonly filePath: string }) => file.filePath).sort();
}

describe("the name under which the library keeps something", () => {
  test.each([360, 1280])("is shown before and after a file is renamed, at %i pixels", async (width) => {
    const folder = `/renamed-${width}`;
    await upload("plan.txt", folder);
    const { page } = await openConsole(browser, server.url, `library${folder}`, { viewport: { width, height: 740 } });
    await cellOf(page, "plan.txt").focus();
    await page.keyboard.press("F2");
    const dialog = page.getByRole("dialog");
    const field = dialog.getByRole("textbox", { name: "New name" });
    await field.fill("summer plan (1).txt");
    await dialog.getByText("Will be saved as summer_plan__1_.txt").waitFor();
    await field.fill("autumn-plan.txt");
    await expect.poll(() => dialog.getByText("Will be saved as").count()).toBe(0);
    await field.fill("summer plan (1).txt");
    await page.keyboard.press("Enter");
    await page.getByText("Renamed to summer_plan__1_.txt").waitFor();
    await cellOf(page, "summer_plan__1_.txt").waitFor();
    expect(await pathsIn(folder)).toEqual([`${folder}/summer_plan__1_.txt`]);
  });

  test("is shown for folders, in which dots are replaced as well", async () => {
    const page = await openOnSmallScreen(browser, server.url);
    await page.getByRole("button", { name: "New folder" }).click();
    await page.getByRole("textbox", { name: "Folder name" }).fill("Sale 1.5");
    expect(await faultsOnScreens(page, page.getByText("Will be saved as Sale_1_5"))).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByText("Folder Sale_1_5 created").waitFor();
    await cellOf(page, "Sale_1_5").focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: "New name" }).fill("Sale 2");
    await page.keyboard.press("Enter");
    await page.getByText("Renamed to Sale_2").waitFor();
    await cellOf(page, "Sale_2").waitFor();
  });

  test("is shown for a folder that is created for a move, which then goes there", async () => {
    await upload("note.txt", "/moved");
    const { page } = await openConsole(browser, server.url, "library/moved");
    await cellOf(page, "note.txt").getByRole("checkbox").check({ force: true });
    await page.getByRole("toolbar").getByRole("button", { name: "Move" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "New folder" }).click();
    await dialog.getByRole("textbox", { name: "Folder name" }).fill("old notes");
    await dialog.getByText("Will be saved as old_notes").waitFor();
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Move to old_notes" }).press("Enter");
    await page.getByText("1 item moved to").waitFor();
    expect(await pathsIn("/moved/old_notes")).toEqual(["/moved/old_notes/note.txt"]);
  });
});
