import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, overhang } from "./harness/browser.ts";
import { chooseFiles, isShown, openDemo, storedUrl } from "./harness/demo-page.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { summaryIs } from "./harness/uploader-page.ts";

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

test("everything can be done by keyboard: choosing, options, transforming, presenting again, reading the answer", async () => {
  const { page } = await openDemo(browser, server);
  // Called early, because Chromium has to know that it must report choosers before a key opens one.
  const opened = page.waitForEvent("filechooser");
  await tabTo(page, "Tags");
  await page.keyboard.type("keyboard");
  await tabTo(page, "Choose files", "Shift+Tab");
  await page.keyboard.press("Enter");
  const chooser = await opened;
  await chooser.setFiles({ name: "keys.jpg", mimeType: "image/jpeg", buffer: await jpeg() });
  const url = await storedUrl(page, "keys.jpg");

  await tabTo(page, "Circle");
  await page.keyboard.press("Enter");
  await tabTo(page, `${url}?tr=w-300,h-300,fo-auto,r-max`);
  await tabTo(page, "Decoded token");
  await page.keyboard.press("Enter");
  await tabTo(page, "The token's claims");
  expect(await page.getByLabel("The token's claims").textContent()).toContain('"tags": "keyboard"');
  await tabTo(page, "Use the same token again");
  await page.keyboard.press("Enter");
  await page.getByText("400 TOKEN_USED").waitFor();
  // The person who pressed the button has not lost their place.
  expect(await focused(page)).toContain("Use the same token again");
});

test("whoever can't see the page is told how uploads end", async () => {
  const { page } = await openDemo(browser, server);
  const status = page.getByRole("status");
  await chooseFiles(page, { name: "spoken.jpg", buffer: await jpeg() });
  await status.getByText("1 uploaded").waitFor();
  await page.getByRole("button", { name: "Use the same token again" }).click();
  await status.getByText("spoken.jpg: the same token was used again. The token has been used before.").waitFor();
});

const { source: axe } = await (async () => createRequire(import.meta.url)("axe-core"))();

test.each([
  ["light", 320],
  ["dark", 360],
  ["light", 1280],
  ["dark", 1280],
] as const)(
  "axe finds nothing serious in it, and nothing hangs over: %s, %d pixels wide",
  async (colorScheme, width) => {
    const viewport = { width, height: 640 };
    const { page, problems } = await openDemo(browser, server, { colorScheme, viewport });
    // Evaluated through the debugger, to which the page's script policy doesn't apply.
    await page.evaluate(axe);
    expect(await seriousProblems(page)).toEqual([]);
    const name = `a-name-that-is-far-too-long-for-${"such-a-narrow-screen-".repeat(5)}.jpg`;
    await chooseFiles(page, { name, buffer: await jpeg(320, 200) });
    await isShown(page, name);
    for (const summary of await page.locator("summary").all()) await summary.click();
    await page.getByRole("button", { name: "Use the same token again" }).click();
    await page.getByText("400 TOKEN_USED").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    expect(problems.filter((problem) => !problem.includes("status of 400"))).toEqual([]);
  },
);

function seriousProblems(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations } = await Reflect.get(window, "axe").run();
    return violations.map(
      ({ id, impact, nodes }: { id: string; impact: string; nodes: { html: string }[] }) =>
        `${impact}: ${id}: ${nodes.map(({ html }) => html).join()}`,
    );
  });
}

test("the page follows the browser's colour scheme", async () => {
  const background = async (colorScheme: "light" | "dark") => {
    const { page } = await openDemo(browser, server, { colorScheme });
    return page.evaluate(() => {
      const [red = 0, green = 0, blue = 0] = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
      return (Number(red) + Number(green) + Number(blue)) / 3;
    });
  };
  expect(await background("light")).toBeGreaterThan(200);
  expect(await background("dark")).toBeLessThan(60);
});

test("names and answers are shown as text, whatever is in them", async () => {
  const { page, uploader, problems } = await openDemo(browser, server);
  const names = ['<img src=x onerror="alert(1)">.txt', "Grüße & “Fotos” 100 %.txt", "\u202Egpj.exe.txt"];
  await chooseFiles(page, ...names.map((name) => ({ name, buffer: Buffer.from("text") })));
  await summaryIs(uploader, "3 uploaded");
  for (const [index, name] of names.entries()) {
    await page.getByLabel("Show").selectOption({ label: name });
    await isShown(page, name);
    expect(await uploader.locator(".name").nth(index).textContent()).toBe(name);
  }
  // The page has no picture of its own before it shows one.
  expect(await page.locator("img").count()).toBe(0);
  expect(problems).toEqual([]);
});

/** Presses Tab until the element with this name has the focus, at most as often as a patient person would. */
async function tabTo(page: Page, name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    const here = await focused(page);
    if (here.includes(name)) return;
    passed.push(here);
    await page.keyboard.press(key);
  }
  throw new Error(`${name} can't be reached by keyboard: ${passed.join(", ")}`);
}

/** The name of the focused element, also inside the uploader's shadow tree. Empty while nothing has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    if (element === document.body) return "";
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const texts = [...labels, element].map((named) => named?.getAttribute("aria-label") ?? named?.textContent ?? "");
    return texts.find((text) => text !== "") ?? "";
  });
}
