import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { cellOf, openConsole } from "./harness/console-page.ts";
import { chooseFiles, openDemo, pictureWidth, storedUrl } from "./harness/demo-page.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";
import { choose, openUploader, startUploaderApp, summaryIs } from "./harness/uploader-page.ts";

// One look at each page that the server has. What can be done there is in the soak's `*.browser.soak.ts`.

let server: RunningServer;
let browser: Browser;
let fileId: string;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  fileId = (await uploadBasic(server.url, await jpeg(64, 48), { fileName: "sea.jpg" })).body.fileId;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function openPage(path: string): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await browser.newPage();
  const problems = watchProblems(page);
  await page.goto(server.url + path);
  return { page, problems };
}

test("the landing page leads to the demo", async () => {
  const { page, problems } = await openPage("/");
  await page.getByText("POST /api/v2/files/upload").waitFor();
  await page.getByRole("link", { name: "demo" }).click();
  await page.getByRole("heading", { name: "Upload demo" }).waitFor();
  expect(problems).toEqual([]);
});

test("the demo uploads a picture and transforms it", async () => {
  const { page, problems } = await openDemo(browser, server);
  await chooseFiles(page, { name: "photo.jpg", buffer: await jpeg(320, 200) });
  const url = await storedUrl(page, "photo.jpg");
  expect(await pictureWidth(page, url)).toBe(320);
  await page.getByRole("button", { name: "Rotated" }).click();
  expect(await pictureWidth(page, `${url}?tr=w-400:rt-90`)).toBe(250);
  expect(problems).toEqual([]);
});

test("the upload element on a page of another origin uploads a file, under a strict policy", async () => {
  const app = await startUploaderApp({
    server: server.url,
    pages: { "/": `<sluice-uploader endpoint="${server.url}" token-endpoint="/upload-token"></sluice-uploader>` },
  });
  try {
    const { uploader, problems } = await openUploader(browser, app.url);
    await choose(uploader, { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await summaryIs(uploader, "1 uploaded");
    expect(problems).toEqual([]);
  } finally {
    await app.close();
  }
});

test("the documentation shows a page and finds another one", async () => {
  const { page, problems } = await openPage("/docs/errors");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator("#site-search-open").click();
  await page.getByRole("searchbox").fill("signed url");
  await page.getByRole("dialog").getByRole("link").first().waitFor();
  expect(problems).toEqual([]);
});

test("the API's reference shows its operations", async () => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.goto(`${server.url}/docs/api#tag/files/GET/v1/files`);
  await page.getByRole("heading", { name: "List and search files and folders" }).waitFor();
  expect(errors).toEqual([]);
});

test("every view of the console opens", async () => {
  const { page, problems } = await openConsole(browser, server.url, "");
  await cellOf(page, "sea").waitFor();
  for (const view of [
    `library/?file=${fileId}`,
    "library/?view=list&q=sea",
    "trash",
    `playground?file=${fileId}&tr=w-30`,
    ...["usage", "keys", "fields", "named", "extensions", "origins", "endpoints", "delivery"].map(
      (part) => `settings/${part}`,
    ),
    ...["webhooks", "jobs", "health", "developers/refusals", "developers/tokens"],
  ]) {
    await page.goto(`${server.url}/console/${view}`);
    // The view's own heading, which is not there before the view is, nor where it breaks.
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
  }
  expect(problems).toEqual([]);
});
