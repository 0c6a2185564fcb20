import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { faultsOf, openConsole } from "./harness/console-page.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;
let fileId: string;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const { body } = await uploadBasic(server.url, await jpeg(3200, 2000), { fileName: "wide.jpg" });
  fileId = body.fileId;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** By how many pixels something is wider than its element. */
const excess = (element: Locator) => element.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
const scrolled = (element: Locator) => element.evaluate(({ scrollLeft }) => Math.round(scrollLeft));

test.each([360, 1280])(
  "a picture pixel by pixel scrolls in its frame, from where it was clicked, at %i pixels",
  async (width) => {
    const { page } = await openConsole(browser, server.url, `library/?file=${fileId}`, {
      viewport: { width, height: 800 },
      bypassCSP: true,
    });
    const panel = page.getByRole("complementary", { name: "Details" });
    const frame = panel.getByRole("button", { name: "Actual size" });
    await expect
      .poll(() => frame.locator("img").evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBe(960);
    await panel.getByText("File ID").waitFor();
    const before = await panel.boundingBox();
    const { x = 0, y = 0, width: shown = 0, height = 0 } = (await frame.locator("img").boundingBox()) ?? {};
    await page.mouse.click(x + shown * 0.75, y + height / 2);
    await frame.locator("img[data-whole]").waitFor();
    await expect.poll(() => excess(frame)).toBeGreaterThan(2500);
    expect(await panel.boundingBox()).toEqual(before);
    expect(await excess(panel)).toBe(0);
    expect(
      await panel
        .locator(":scope > div")
        .evaluateAll((parts) => parts.map((part) => part.scrollWidth - part.clientWidth)),
    ).toEqual([0]);
    // Three quarters of the picture's width are in the middle of the frame.
    const middle = (await frame.evaluate(({ clientWidth }) => clientWidth)) / 2;
    await expect.poll(async () => Math.abs((await scrolled(frame)) + middle - 2400)).toBeLessThan(20);
    expect(await faultsOf(page)).toEqual([]);

    // By keyboard it opens in the middle, and arrow keys go on from there.
    await frame.press("Enter");
    await frame.locator("img:not([data-whole])").waitFor();
    await frame.press("Enter");
    await expect.poll(async () => Math.abs((await scrolled(frame)) + middle - 1600)).toBeLessThan(20);
    const centre = await scrolled(frame);
    await frame.press("ArrowRight");
    await expect.poll(() => scrolled(frame)).toBeGreaterThan(centre);
  },
);
