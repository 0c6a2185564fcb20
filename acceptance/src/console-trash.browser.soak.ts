import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  browser = await launchBrowser();
  for (const fileName of ["oak.jpg", "Übersicht-of-everything-that-was-planted-in-the-garden.jpg", "elm.jpg"]) {
    await trash(await jpeg(120, 80), { fileName });
  }
  await trash(Buffer.from("words"), { fileName: "notes.txt" });
  await trash(await jpeg(40, 90), { fileName: "hidden.jpg", isPrivateFile: "true" });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function trash(bytes: Buffer, fields: { readonly fileName: string } & Record<string, string>): Promise<void> {
  const answer = await uploadBasic(server.url, bytes, { useUniqueFileName: "false", folder: "/trees", ...fields });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  await call(server.url, "DELETE", `/v1/files/${answer.body.fileId}`);
}

const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });
const names = (page: Page) =>
  page
    .getByRole("list")
    .getByRole("checkbox")
    .evaluateAll((boxes) => boxes.map((box) => box.getAttribute("aria-label")?.replace("Select ", "")));
/** The width and height of a file's thumbnail in pixels. It is loaded when the file comes into view. */
async function sizeOf(page: Page, name: string): Promise<readonly number[]> {
  await row(page, name).scrollIntoViewIfNeeded();
  return row(page, name)
    .locator("img")
    .evaluate(async (picture: HTMLImageElement) => {
      await picture.decode();
      return [picture.naturalWidth, picture.naturalHeight];
    });
}

test.each([360, 1280])("files in the trash show what is in them, at %i pixels", async (width) => {
  const { page, problems } = await openConsole(browser, server.url, "trash", { viewport: { width, height: 740 } });
  for (const name of ["oak.jpg", "elm.jpg"]) expect(await sizeOf(page, name)).toEqual([120, 80]);
  expect(await sizeOf(page, "hidden.jpg")).toEqual([40, 90]);
  await row(page, "notes.txt").locator("svg").first().waitFor();
  expect(await row(page, "notes.txt").locator("img").count()).toBe(0);
  expect(problems).toEqual([]);
});

test("the trash is searched by name, and what is selected there is what is found", async () => {
  const page = await openOnSmallScreen(browser, server.url);
  await page.goto(`${server.url}/console/trash`);
  await row(page, "oak.jpg").waitFor();
  await page.getByRole("checkbox", { name: "Select all 5 files" }).waitFor();
  const field = page.getByRole("searchbox", { name: "Search trash by name" });
  await field.fill("ÜBERS");
  await row(page, "oak.jpg").waitFor({ state: "detached" });
  expect(await names(page)).toEqual(["Übersicht-of-everything-that-was-planted-in-the-garden.jpg"]);
  await page.getByRole("checkbox", { name: "Select 1 file" }).waitFor();
  expect(await faultsOnScreens(page, row(page, "Übersicht").locator("img"))).toEqual([]);
  await field.fill("palm");
  await page.getByText("No results").waitFor();
  expect(await faultsOnScreens(page, page.getByText("No results"))).toEqual([]);
  await field.fill("");
  await row(page, "oak.jpg").waitFor();
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
  expect((await names(page)).length).toBe(5);
});
