import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { faultsOf } from "./harness/console-page.ts";
import { type RunningExample, signIn, startExample } from "./harness/example.ts";
import { openAsGrace, shownPictures } from "./harness/example-page.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

let sluice: RunningServer;
let browser: Browser;
let express: RunningExample;
let nodeHttp: RunningExample;
beforeAll(async () => {
  [sluice, browser] = await Promise.all([startServer(), launchBrowser()]);
  const start = (name: string) => startExample(name, sluice.url);
  [express, nodeHttp] = await Promise.all([start("express"), start("node-http")]);
});
afterAll(async () => {
  await Promise.all([express?.stop(), nodeHttp?.stop(), browser?.close()]);
  await sluice?.stop();
});

const file = { name: "a.png", mimeType: "image/png", buffer: await png(640, 400) };
const text = { name: "b.png", mimeType: "image/png", buffer: Buffer.from("hello") };
const stored = /^\/users\/grace\/a_\S+\.png$/;

test("the examples' page signs in and uploads with <sluice-uploader>", async () => {
  const page = await openAsGrace(browser, express.url);
  const problems = watchProblems(page);
  await page.locator("sluice-uploader input[type=file]").setInputFiles(file);
  const paths = await page.waitForFunction(() => {
    const uploader = document.querySelector("sluice-uploader");
    const results: readonly { readonly filePath: string }[] = uploader ? Reflect.get(uploader, "results") : [];
    return results.length > 0 && results.map(({ filePath }) => filePath);
  });
  expect(await paths.jsonValue()).toEqual([expect.stringMatching(stored)]);
  const [name = ""] = await shownPictures(page);
  expect(name).toMatch(/^a_\S+\.png$/);
  expect(problems).toEqual([]);
  await page.reload();
  expect(await shownPictures(page)).toContain(name);
  const width = await page.getByRole("img", { name }).evaluate((image: HTMLImageElement) => image.naturalWidth);
  expect(width).toBe(320);
});

test("who signs out is shown nothing more, and a wrong password is told of", async () => {
  const page = await openAsGrace(browser, express.url);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Password").fill("wrong");
  await page.getByLabel("User").fill("grace");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("There is no such user with this password.").waitFor();
  expect(await page.evaluate(async () => (await fetch("/pictures")).status)).toBe(401);
});

test.each([
  [1280, "light"],
  [360, "dark"],
] as const)("the pages fit %d pixels, %j, without a fault that axe finds", async (width, colorScheme) => {
  const page = await openAsGrace(browser, express.url);
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme });
  expect(await faultsOf(page)).toEqual([]);
  const form = await openAsGrace(browser, nodeHttp.url);
  await form.setViewportSize({ width, height: 800 });
  await form.emulateMedia({ colorScheme });
  await form.getByRole("link", { name: "A form without any script" }).click();
  await form.getByLabel("Document").waitFor();
  expect(await faultsOf(form)).toEqual([]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test("the examples' page says what is no image before it is sent, and what only looks like one when it has been", async () => {
  const page = await openAsGrace(browser, express.url);
  const status = (name: string) => page.getByRole("listitem").filter({ hasText: name }).locator(".status");
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: text.buffer };
  await page.locator("sluice-uploader input[type=file]").setInputFiles([notes, text]);
  await status(notes.name).getByText("Allowed types: images.").waitFor();
  await status(text.name).getByText("Allowed types: images.").waitFor();
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
