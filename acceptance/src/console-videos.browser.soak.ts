import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { colors, hasFfmpeg, makeClip } from "../../packages/server/src/media/testing/clips.ts";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { describeWhere } from "./harness/needs.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

describeWhere(hasFfmpeg ? undefined : "Debian's package ffmpeg is not installed", "the console shows videos", () => {
  let server: RunningServer;
  let browser: Browser;
  let fileId: string;

  beforeAll(async () => {
    server = await startServer();
    browser = await launchBrowser();
    const clip = await makeClip({ picture: colors, width: 320, height: 180, seconds: 3 });
    const answer = await uploadBasic(server.url, clip, { fileName: "film.mp4", useUniqueFileName: "false" });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    fileId = answer.body.fileId;
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  /** The requests for sprites, as they come. */
  function spritesOf(page: Page): string[] {
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes("/ik-sprite.")) asked.push(pathname.split("/").at(-1) ?? "");
    });
    return asked;
  }

  /** The colour that a card shows in its middle: `red`, `green`, `blue` or another one. */
  async function colorOf(page: Page): Promise<string> {
    const box = await cellOf(page, "film.mp4").boundingBox();
    if (box === null) return "no card";
    const clip = { x: box.x + box.width / 2, y: box.y + 60, width: 4, height: 4 };
    const [r = 0, g = 0, b = 0] = await sharp(await page.screenshot({ clip }))
      .raw()
      .toBuffer();
    const isOn = [r, g, b].map((part) => (part > 150 ? "1" : "0")).join("");
    return { "100": "red", "010": "green", "001": "blue" }[isOn] ?? isOn;
  }

  test("by stills that follow the pointer, of which nothing is loaded before it rests", async () => {
    const { page, problems } = await openConsole(browser, server.url, "library/");
    const asked = spritesOf(page);
    await cellOf(page, "film.mp4").locator("img").waitFor();
    await expect.poll(() => colorOf(page)).toBe("red");
    const box = await cellOf(page, "film.mp4").boundingBox();
    const at = (part: number) => [Number(box?.x) + Number(box?.width) * part, Number(box?.y) + 40] as const;
    await page.mouse.move(...at(0.1));
    await page.mouse.move(...at(0.9));
    await page.mouse.move(Number(box?.x) + Number(box?.width) + 80, Number(box?.y) + 400);
    await page.waitForTimeout(400);
    expect(asked).toEqual([]);
    for (const [part, color] of [
      [0.5, "green"],
      [0.95, "blue"],
      [0.05, "red"],
    ] as const) {
      await page.mouse.move(...at(part));
      await expect.poll(() => colorOf(page), { timeout: 10_000 }).toBe(color);
    }
    await page.mouse.move(...at(0.95));
    await page.mouse.move(Number(box?.x) + Number(box?.width) + 80, Number(box?.y) + 400);
    await expect.poll(() => colorOf(page)).toBe("red");
    expect(asked).toEqual(["ik-sprite.vtt", "ik-sprite.jpg"]);
    expect(problems).toEqual([]);
  });

  test("and opens them by a finger, which loads no stills", async () => {
    const touch = { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } };
    const { page } = await openConsole(browser, server.url, "library/", touch);
    const asked = spritesOf(page);
    await cellOf(page, "film.mp4").tap();
    await page.getByRole("complementary", { name: "Details" }).waitFor();
    await page.waitForTimeout(400);
    expect(asked).toEqual([]);
  });

  test("and tries out transformations of them: on a still at once, and as a video once that is encoded", async () => {
    const tried = `playground?file=${fileId}&tr=w-160`;
    const { page, problems } = await openConsole(browser, server.url, tried);
    await page.getByRole("img", { name: "Frame from the transformed video" }).waitFor();
    await page.getByText(/^160 × 90 · 0:03 · about/).waitFor();
    const text = page.getByRole("textbox", { name: "Transformation" });
    await page.getByRole("slider", { name: "Start" }).press("ArrowRight");
    await expect.poll(() => text.inputValue()).toMatch(/^w-160,so-0\.05$/);
    await text.fill("w-160,so-1,ac-none");
    await page.getByRole("button", { name: "Encode video" }).click();
    const result = page.getByLabel("Transformed video");
    await result.waitFor();
    await expect.poll(() => result.evaluate((video) => (video as HTMLVideoElement).duration)).toBeCloseTo(2, 1);
    await page.getByText(/^160 × 90 · 0:02 · video\/mp4 · [\d.]+ (KB|bytes) \(\d+ %\)$/).waitFor();
    await page.getByRole("button", { name: "Play both" }).press("Enter");
    await expect.poll(() => result.evaluate((video) => (video as HTMLVideoElement).currentTime)).toBeGreaterThan(0.1);
    expect(problems).toEqual([]);
  });

  test("and says what can't be encoded", async () => {
    const { page } = await openConsole(browser, server.url, `playground?file=${fileId}&tr=w-160,f-webm,vc-h264`);
    await page.getByRole("button", { name: "Encode video" }).click();
    await page.getByRole("alert").getByText("webm holds no h264").waitFor();
  });

  test("without a fault that axe finds, on small and wide screens, dark and light", async () => {
    const page = await openOnSmallScreen(browser, server.url);
    const layers = "w-160,l-text,i-a,lso-1,l-end";
    const faults: string[] = [];
    for (const view of [`playground?file=${fileId}&tr=${layers}`, `library/?file=${fileId}`]) {
      await page.goto(`${server.url}/console/${view}`);
      await page.locator("video").first().waitFor();
      await page.waitForLoadState("networkidle");
      faults.push(...(await faultsOnScreens(page, page.locator("video").first())));
    }
    expect(faults).toEqual([]);
  });
});
