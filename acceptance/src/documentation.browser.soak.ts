import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, overhang, watchProblems } from "./harness/browser.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

const { source: axe } = createRequire(import.meta.url)("axe-core");

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** A page of each kind: the start, a guide, tables, pictures, code, and a page in a folder. */
const kinds = ["", "guides/nextjs", "errors", "transformations", "gallery", "uploader-element", "operate/proxies"];

const screens = [1280, 360].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ viewport: { width, height: 800 }, colorScheme })),
);

test.each(screens)(
  "each kind of page is drawn at $viewport.width pixels, $colorScheme, within its policy and from this server alone",
  async (screen) => {
    const page = await browser.newPage(screen);
    const problems = watchProblems(page);
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    for (const path of kinds) {
      await page.goto(`${server.url}/docs/${path}`);
      await page.locator("#site-search-open").waitFor();
      expect(await overhang(page), path).toBeLessThanOrEqual(0);
      expect(await brokenPictures(page)).toEqual([]);
      expect(await page.evaluate(() => scrollY)).toBe(0);
    }
    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([server.url]);
  },
);

// Each width and each scheme once: axe takes a second for a page.
test.each([screens[0], screens[3]])("axe finds no fault at $viewport.width pixels, $colorScheme", async (screen) => {
  // Without the policy, so that axe can be added to the page.
  const page = await browser.newPage({ ...screen, bypassCSP: true });
  for (const path of ["", "configuration"]) {
    await page.goto(`${server.url}/docs/${path}`);
    await page.locator("#site-search-open").waitFor();
    expect([path, await faults(page)]).toEqual([path, []]);
  }
  await search(page, "signed url");
  expect(await faults(page)).toEqual([]);
});

test("the search is reached and used by keys, and nothing of it leaves the browser", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/docs/operate/docker`);
  await page.locator("#site-search-open").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("verify signatures");
  const results = page.getByRole("dialog").getByRole("link");
  await results.first().waitFor();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.keyboard.type(" of webhooks");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  expect(asked).toEqual([]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/docs\/webhooks/);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
});

test("the colours that a reader chooses hold on the next page, and the navigation opens on a phone", async () => {
  const page = await browser.newPage({ colorScheme: "light", viewport: { width: 360, height: 740 } });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.goto(`${server.url}/docs/errors`);
  const light = await background();
  const button = page.locator("#site-scheme");
  while ((await button.getAttribute("aria-label")) !== "Theme: dark") await button.click();
  expect(await background()).not.toBe(light);
  await page.getByRole("button", { name: "All pages" }).click();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Limits" }).click();
  await page.waitForURL(`${server.url}/docs/limits`);
  expect(await background()).not.toBe(light);
});

async function search(page: Page, words: string): Promise<void> {
  await page.locator("#site-search-open").click();
  await page.getByRole("searchbox").fill(words);
  await page.getByRole("dialog").getByRole("link").first().waitFor();
}

/** The pictures that have been loaded and could not be drawn. */
function brokenPictures(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) => image.src),
  );
}

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => Reflect.get(window, "axe").run());
  return violations.flatMap(({ id, nodes }: { id: string; nodes: readonly { html: string }[] }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
}
