import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { type RunningExample, signIn, startExample } from "./harness/example.ts";
import { startNextExample } from "./harness/next-example.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

let sluice: RunningServer;
let browser: Browser;
let express: RunningExample;
let nodeHttp: RunningExample;
let next: RunningExample;
beforeAll(async () => {
  [sluice, browser] = await Promise.all([startServer(), launchBrowser()]);
  const start = (name: string) => startExample(name, sluice.url);
  [express, nodeHttp, next] = await Promise.all([start("express"), start("node-http"), startNextExample(sluice.url)]);
});
afterAll(async () => {
  await Promise.all([express?.stop(), nodeHttp?.stop(), next?.stop(), browser?.close()]);
  await sluice?.stop();
});

const file = { name: "a.png", mimeType: "image/png", buffer: await png() };
const text = { name: "b.png", mimeType: "image/png", buffer: Buffer.from("hello") };
const stored = /^\/users\/grace\/a_\S+\.png$/;

async function openAsGrace(url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByLabel("User").fill("grace");
  await page.getByLabel("Password").fill("compiler");
  const navigated = page.waitForEvent("framenavigated");
  await page.getByRole("button", { name: "Sign in" }).click();
  await navigated;
  await page.waitForLoadState();
  return page;
}

test("the examples' page signs in and uploads with <sluice-uploader>", async () => {
  const page = await openAsGrace(express.url);
  const problems = watchProblems(page);
  await page.locator("sluice-uploader input[type=file]").setInputFiles(file);
  const paths = await page.waitForFunction(() => {
    const uploader = document.querySelector("sluice-uploader");
    const results: readonly { readonly filePath: string }[] = uploader ? Reflect.get(uploader, "results") : [];
    return results.length > 0 && results.map(({ filePath }) => filePath);
  });
  expect(await paths.jsonValue()).toEqual([expect.stringMatching(stored)]);
  expect(problems).toEqual([]);
});

test("the examples' page says what is no image before it is sent, and what only looks like one when it has been", async () => {
  const page = await openAsGrace(express.url);
  const status = (name: string) => page.getByRole("listitem").filter({ hasText: name }).locator(".status");
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: text.buffer };
  await page.locator("sluice-uploader input[type=file]").setInputFiles([notes, text]);
  await status(notes.name).getByText("Only images.").waitFor();
  await status(text.name).getByText("Only images.").waitFor();
});

test("the page of the Next.js example signs in and uploads with upload()", async () => {
  const page = await openAsGrace(next.url);
  const problems = watchProblems(page);
  await page.getByLabel("Files").setInputFiles(file);
  await page.getByText(/^a\.png: \/users\/grace\/a_\S+\.png$/).waitFor();
  expect(problems).toEqual([]);
  await page.getByLabel("Files").setInputFiles(text);
  await page.getByText("b.png: Your request failed 'checks' validation.").waitFor();
});

test("a plain form with a hidden token uploads once, and shows the answer's JSON", async () => {
  const [name = "", value = ""] = (await signIn(nodeHttp.url, "ada", "difference")).split("=");
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies([{ name, value, url: nodeHttp.url }]);
  const page = await context.newPage();
  const shown = async (content: string) => {
    const file = { name: "mine.bin", mimeType: "application/pdf", buffer: Buffer.from(content) };
    await page.getByLabel("Document").setInputFiles(file);
    const answered = page.waitForResponse(/files\/upload$/);
    await page.getByRole("button", { name: "Upload" }).click();
    const status = (await answered).status();
    await page.waitForURL(`${sluice.url}/api/v2/files/upload`);
    return { status, ...JSON.parse((await page.locator("body").textContent()) ?? "") };
  };
  await page.goto(`${nodeHttp.url}/form`);
  const filePath = expect.stringMatching(/^\/users\/ada\/document_\S+$/);
  expect(await shown("hello")).toMatchObject({ status: 200, filePath, size: 5 });

  // The browser does not take the form from its cache, so the token is a new one.
  await page.goBack();
  expect(await shown("hello again")).toMatchObject({ status: 200, filePath, size: 11 });

  await page.goBack();
  expect(await shown("GIF89a\0\0\0\0")).toMatchObject({ reason: "CHECKS_FAILED" });

  // A reload sends the same form again.
  await page.reload();
  expect(JSON.parse((await page.locator("body").textContent()) ?? "")).toMatchObject({ reason: "TOKEN_USED" });
});
