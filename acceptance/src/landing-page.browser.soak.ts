import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, overhang, watchProblems } from "./harness/browser.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

const { source: axe } = createRequire(import.meta.url)("axe-core");

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
  await page.getByRole("heading", { name: "Your media library, on your own server" }).waitFor();
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

const screens = [1280, 360].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ viewport: { width, height: 800 }, colorScheme })),
);
const pages = [
  { path: "/", status: 200, heading: "Your media library, on your own server" },
  { path: "/no/such/page", status: 404, heading: "Page not found" },
  { path: "/v1/nothing", status: 404, heading: "Page not found" },
  { path: "/demo/no-such-file.jpg", status: 404, heading: "File not found" },
  { path: "/demo/no-such-file.jpg?ik-s=expired", status: 401, heading: "This link doesn't open the file" },
];

test.each(screens)("the server's pages fit $viewport.width pixels, $colorScheme, for everybody", async (screen) => {
  // Without the policy, so that axe can be added to the pages. The test before this one has it.
  const page = await browser.newPage({ ...screen, bypassCSP: true });
  for (const { path, status, heading } of pages) {
    expect((await page.goto(server.url + path))?.status()).toBe(status);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => Reflect.get(window, "axe").run());
    expect([path, violations.map(({ id }: { id: string }) => id)]).toEqual([path, []]);
  }
});

test("a mistyped URL leads back to the landing page, and a program is told in JSON", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/consol`);
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await page.waitForURL(`${server.url}/`);
  const answer = await fetch(`${server.url}/consol`);
  expect([answer.status, (await answer.json()).reason]).toEqual([404, "ROUTE_NOT_FOUND"]);
});
