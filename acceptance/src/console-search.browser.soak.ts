import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, focused, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

const fields = [
  { name: "brand", label: "Brand", schema: { type: "SingleSelect", selectOptions: ["Acme", "Zenith", "Nadir"] } },
  { name: "sold", label: "Sold", schema: { type: "Boolean" } },
  { name: "price", label: "Price", schema: { type: "Number" } },
  { name: "shot", label: "Shot on", schema: { type: "Date" } },
  { name: "note", label: "Note", schema: { type: "Text" } },
];

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  for (const field of fields) await call(server.url, "POST", "/v1/customMetadataFields", { body: field });
  const upload = async (fileName: string, customMetadata: object, more: Record<string, string> = {}) => {
    const given = { fileName, useUniqueFileName: "false", customMetadata: JSON.stringify(customMetadata), ...more };
    const answer = await uploadBasic(server.url, fileName, given);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  await upload("one.txt", { brand: "Acme", sold: true, price: 5, note: "blue sky" }, { tags: "summer" });
  await upload("two.txt", { brand: "Zenith", sold: false, price: 20 }, { tags: "summer,winter" });
  await upload(
    "three.txt",
    { brand: "Nadir", price: 9.5, shot: "2026-02-10T00:00:00.000Z" },
    { isPrivateFile: "true" },
  );
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const field = (page: Page) => page.getByRole("combobox", { name: "Search library" });
const query = (page: Page) => new URL(page.url()).searchParams.get("q");
const bar = (page: Page) => page.getByRole("toolbar", { name: "Filters" });
const filter = (page: Page, name: string) => bar(page).getByRole("button", { name, exact: true });

async function shows(page: Page, names: readonly string[]): Promise<void> {
  await expect
    .poll(async () => (await page.getByRole("gridcell").allInnerTexts()).map((text) => text.split("\n")[0]).sort())
    .toEqual([...names].sort());
}

describe("the filters", () => {
  test.each([360, 1280])(
    "stand above the files, which stay in sight and are as they say, at %i pixels",
    async (width) => {
      const { page } = await openConsole(browser, server.url, "library/", { viewport: { width, height: 740 } });
      await cellOf(page, "one.txt").waitFor();
      await field(page).focus();
      expect(await bar(page).count()).toBe(0);
      await page.getByRole("button", { name: "Filters" }).click();
      const { bottom } = await bar(page).evaluate((element) => element.getBoundingClientRect());
      const { top } = await page.getByRole("grid").evaluate((element) => element.getBoundingClientRect());
      expect(bottom).toBeLessThanOrEqual(top);
      expect(top).toBeLessThan(370);
      await filter(page, "Visibility").click();
      await page.getByRole("radio", { name: "Private" }).click();
      await shows(page, ["three.txt"]);
      await page.getByRole("dialog").waitFor({ state: "detached" });
      expect(query(page)).toBe("private = true");
      await filter(page, "Visibility: Private").click();
      await page.getByRole("radio", { name: "Any" }).click();
      await shows(page, ["one.txt", "two.txt", "three.txt"]);
      expect(query(page)).toBe(null);
      await bar(page).waitFor();
      await filter(page, "Tags").click();
      await page.getByRole("checkbox", { name: "summer" }).check();
      await page.getByRole("checkbox", { name: "winter" }).check();
      await shows(page, ["two.txt"]);
      await page.keyboard.press("Escape");
      await expect.poll(() => focused(page)).toContain("Tags: summer, winter");
      await page.getByRole("button", { name: "Clear search" }).click();
      await shows(page, ["one.txt", "two.txt", "three.txt"]);
    },
  );

  test("of custom metadata offer what the fields may hold", async () => {
    const { page } = await openConsole(browser, server.url, "library/");
    await page.getByRole("button", { name: "Filters" }).click();
    await filter(page, "Brand").click();
    await page.getByRole("checkbox", { name: "Acme" }).check();
    await page.getByRole("checkbox", { name: "Zenith" }).check();
    await shows(page, ["one.txt", "two.txt"]);
    await page.keyboard.press("Escape");
    await filter(page, "Sold").click();
    await page.getByRole("radio", { name: "Yes" }).click();
    await shows(page, ["one.txt"]);
    await filter(page, "Brand: Acme, Zenith").waitFor();
    await filter(page, "Sold: Yes").click();
    await page.getByRole("radio", { name: "Any" }).click();
    await filter(page, "Brand: Acme, Zenith").click();
    await page.getByRole("checkbox", { name: "Acme" }).uncheck();
    await page.getByRole("checkbox", { name: "Zenith" }).uncheck();
    await page.keyboard.press("Escape");
    await filter(page, "Price").click();
    await page.getByRole("dialog").getByLabel("Min").fill("9");
    await page.keyboard.press("Enter");
    await shows(page, ["two.txt", "three.txt"]);
    await filter(page, "Price: from 9").click();
    await page.getByRole("dialog").getByLabel("Max").fill("10");
    await page.getByRole("button", { name: "Apply" }).click();
    await shows(page, ["three.txt"]);
    await filter(page, "Price: 9 – 10").click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await filter(page, "Shot on").click();
    await page.getByRole("dialog").getByLabel("From").fill("2026-02-10");
    await page.getByRole("dialog").getByLabel("To").fill("2026-02-10");
    await page.getByRole("button", { name: "Apply" }).click();
    await shows(page, ["three.txt"]);
    await filter(page, "Shot on: 2026-02-10 – 2026-02-10").click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await filter(page, "Note").click();
    await page.getByRole("dialog").getByLabel("Contains").fill("sky");
    await page.keyboard.press("Enter");
    await shows(page, ["one.txt"]);
    // The filters are read from the query, also from one that a link brings.
    await page.reload();
    await filter(page, "Note: sky").waitFor();
  });

  test("are one stop of the tab key, and arrow keys lead through them", async () => {
    const { page } = await openConsole(browser, server.url, "library/");
    await cellOf(page, "one.txt").waitFor();
    await field(page).focus();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Filters");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("Type");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toBe("Added");
    await page.keyboard.press("Enter");
    await page.getByRole("radio", { name: "Past 7 days" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => query(page)).toBe('createdAt > "24h"');
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("Added: Past 24 hours");
    await page.keyboard.press("Tab");
    await expect.poll(() => focused(page)).toContain(".txt");
    await page.keyboard.press("Shift+Tab");
    expect(await focused(page)).toBe("Added: Past 24 hours");
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("Filters");
    expect(await bar(page).count()).toBe(0);
  });

  test("and their controls fit both screens, without a fault that axe finds", async () => {
    const page = await openOnSmallScreen(browser, server.url);
    await page.goto(`${server.url}/console/library/?q=${encodeURIComponent('tags IN ["summer"]')}`);
    const faults: string[] = [];
    for (const [name, control] of [
      ["Type", page.getByRole("radio", { name: "Images" })],
      ["Tags: summer", page.getByRole("checkbox", { name: "winter" })],
      ["Price", page.getByRole("dialog").getByLabel("Max")],
    ] as const) {
      await filter(page, name).click();
      await control.waitFor();
      faults.push(...(await faultsOnScreens(page, control)).map((fault) => `${name}: ${fault}`));
      await page.keyboard.press("Escape");
      await control.waitFor({ state: "detached" });
    }
    expect(faults).toEqual([]);
  });
});

describe("a mistake in a query", () => {
  test.each([
    ["brand = Acme (", /^Character 1: /],
    ['size > "1mb" AND', /^Character 1[67]: /],
    ['(size > "1mb"', /^Character 1[34]: /],
    ['size > "1mb")', /^Character 13: /],
  ])("is told of what was typed: %s", async (typed, expected) => {
    const { page } = await openConsole(browser, server.url, "library/");
    await field(page).fill(typed);
    await field(page).press("Enter");
    await page.getByRole("heading", { name: "Check your query" }).waitFor();
    const told = String(await page.locator("#search-problem").textContent());
    expect(told).toMatch(expected);
    if (!typed.includes(")")) expect(told).not.toMatch(/found \S*\)/);
    const position = Number(/\d+/.exec(told)?.[0]);
    expect(position).toBeLessThanOrEqual(typed.length + 1);
  });
});
