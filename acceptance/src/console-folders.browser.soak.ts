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
});
