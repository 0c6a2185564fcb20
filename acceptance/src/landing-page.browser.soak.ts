import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, overhang, watchProblems } from "./harness/browser.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

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

test("every link of the landing page leads somewhere, the demo among them", async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const links = await page.getByRole("link").all();
  const targets = await Promise.all(links.map((link) => link.getAttribute("href")));
  expect(targets).toEqual(expect.arrayContaining(["/_sluice/demo", "/health", "/metrics"]));
  for (const target of targets) {
    await page.goto(server.url);
    const answer = page.waitForResponse((response) => response.url() === new URL(target ?? "", server.url).href);
    await page.locator(`a[href="${target}"]`).click();
    // The console and the documentation say so where they are not built yet.
    expect(["/console", "/docs/"].includes(target ?? "") ? [200, 503] : [200]).toContain((await answer).status());
  }
});

test("the demo's heading leads back to the landing page", async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.getByRole("link", { name: "demo" }).click();
  await page.getByRole("heading", { name: "Upload demo" }).waitFor();
  await page.getByRole("link", { name: "Sluice" }).click();
  await page.waitForURL(`${server.url}/`);
  await page.getByRole("heading", { name: "Sluice" }).waitFor();
});

test("the landing page names the endpoints for programs and has nothing to complain about", async () => {
  const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
  const problems = watchProblems(page);
  await page.goto(server.url);
  await page.getByText("POST /api/v2/files/upload").waitFor();
  await page.getByText("GET /v1/files").waitFor();
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  expect(problems).toEqual([]);
});

test("without a demo the landing page does not link to it", async () => {
  const without = await startServer({ flags: ["--no-demo"] });
  try {
    const page = await browser.newPage();
    await page.goto(without.url);
    expect(await page.getByRole("link", { name: "demo" }).count()).toBe(0);
    await page.getByRole("link", { name: "health" }).waitFor();
  } finally {
    await without.stop();
  }
});
