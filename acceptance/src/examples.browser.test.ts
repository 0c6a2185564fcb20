import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { type RunningExample, startExample } from "./harness/example.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

let sluice: RunningServer;
let browser: Browser;
let express: RunningExample;
beforeAll(async () => {
  [sluice, browser] = await Promise.all([startServer(), launchBrowser()]);
  express = await startExample("express", sluice.url);
});
afterAll(async () => {
  await Promise.all([express?.stop(), browser?.close()]);
  await sluice?.stop();
});

test("the examples' page signs in and uploads", async () => {
  const page = await browser.newPage();
  const problems = watchProblems(page);
  await page.goto(express.url);
  await page.getByLabel("User").fill("grace");
  await page.getByLabel("Password").fill("compiler");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${express.url}/`);
  await page.getByLabel("Files").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await expect.poll(() => page.getByRole("listitem").textContent()).toMatch(/^\/users\/grace\/a_\S+\.txt$/);
  expect(problems).toEqual([]);
});
