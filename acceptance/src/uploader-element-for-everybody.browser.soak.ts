import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, overhang } from "./harness/browser.ts";
import { limitSending } from "./harness/network-log.ts";
import { noisePng } from "./harness/noise.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import {
  choose,
  holdQuestions,
  openUploader,
  rowOf,
  startUploaderApp,
  summaryIs,
  type Uploader,
  type UploaderApp,
} from "./harness/uploader-page.ts";

let server: RunningServer;
let browser: Browser;
let app: UploaderApp;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const plain = `multiple folders accept="image/*,.pdf" max-size="25MB" resumable-from="1MB" endpoint="${server.url}" token-endpoint="/upload-token"`;
  app = await startUploaderApp({
    server: server.url,
    pages: {
      "/": `<sluice-uploader ${plain} aria-label="Photos"></sluice-uploader>`,
      "/rtl": `<div dir="rtl" lang="ar"><sluice-uploader ${plain} aria-label="صور"
        text-drop="أسقط الملفات هنا" text-choose="اختر الملفات" text-done="{size} · تم الرفع"></sluice-uploader></div>`,
    },
    policy: (fileName) =>
      fileName?.startsWith("refused")
        ? Response.json({ message: "Please sign in again.", reason: "NO_SESSION" }, { status: 401 })
        : { allow: ["fileName"] },
  });
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const image = async (name: string) => ({ name, mimeType: "image/jpeg", buffer: await jpeg(64, 48) });

/** The name of the focused control in the element's shadow tree. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement?.shadowRoot?.activeElement;
    return focused?.getAttribute("aria-label") ?? focused?.textContent ?? "";
  });
}

async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (here === name) return;
    passed.push(here);
  }
  throw new Error(`${name} can't be reached by keyboard: ${passed.join(", ")}`);
}

test("the whole flow works by keyboard alone: choosing, pausing, resuming, trying again, removing", async () => {
  const { page, uploader } = await openUploader(browser, app.url);
  const lift = await limitSending(page, 50_000);
  const opened = page.waitForEvent("filechooser");
  await tabTo(page, "Choose files");
  await page.keyboard.press("Enter");
  const chooser = await opened;
  await chooser.setFiles([
    { name: "noise.png", mimeType: "image/png", buffer: await noisePng(500, 500) },
    await image("refused.jpg"),
    await image("small.jpg"),
  ]);
  await rowOf(uploader, "refused.jpg").getByText("Please sign in again.").waitFor();
  await tabTo(page, "Pause");
  // Failed files come first.
  await tabTo(page, "Retry refused.jpg");
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toBe("Pause noise.png");
  await page.keyboard.press("Enter");
  await rowOf(uploader, "noise.png")
    .getByText(/Paused/)
    .waitFor();
  // The person who pressed the button has not lost their place.
  expect(await focused(page)).toBe("Resume noise.png");
  await lift();
  await page.keyboard.press("Enter");
  await rowOf(uploader, "noise.png")
    .getByText(/Uploaded/)
    .waitFor();
  // The focused button is gone, and the button beside it has the focus now.
  await expect.poll(() => focused(page)).toBe("Remove noise.png");
  await page.keyboard.press("ArrowUp");
  expect(await focused(page)).toBe("Remove refused.jpg");
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe("Retry refused.jpg");
  const asked = app.asked();
  await page.keyboard.press("Space");
  await expect.poll(() => app.asked()).toBe(asked + 1);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await focused(page)).toBe("Remove noise.png");
  await page.keyboard.press("Shift+Tab");
  expect(await focused(page)).toBe("Open noise.png");
  await summaryIs(uploader, "2 uploaded");
});

test("who can't see the list hears what comes, what fails and how it ends", async () => {
  const { uploader } = await openUploader(browser, app.url);
  const status = uploader.getByRole("status");
  await choose(uploader, await image("one.jpg"), await image("refused.jpg"));
  await status.getByText("refused.jpg: Please sign in again.").waitFor();
  await status.getByText("1 uploaded · 1 failed").waitFor();
});

const { source: axe } = await (async () => createRequire(import.meta.url)("axe-core"))();

test.each([
  ["light", 360],
  ["dark", 1280],
] as const)(
  "axe finds nothing serious in any state, and nothing hangs over: %s, %d pixels wide",
  async (colorScheme, width) => {
    const viewport = { width, height: 800 };
    const { page, uploader } = await openUploader(browser, app.url, { colorScheme, viewport });
    // Evaluated through the debugger, to which the page's script policy doesn't apply.
    await page.evaluate(axe);
    expect(await seriousProblems(page)).toEqual([]);
    await limitSending(page, 200_000);
    const name = `a-name-that-is-${"far-too-long-for-a-narrow-screen-".repeat(4)}.jpg`;
    await choose(
      uploader,
      await image(name),
      await image("refused.jpg"),
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("not accepted") },
      { name: "paused.png", mimeType: "image/png", buffer: await noisePng(400, 400) },
      { name: "sending.png", mimeType: "image/png", buffer: await noisePng(400, 400) },
      { name: "resuming.png", mimeType: "image/png", buffer: await noisePng(700, 700) },
    );
    await uploader.getByRole("button", { name: "Pause paused.png" }).click();
    await rowOf(uploader, "sending.png")
      .getByText(/of 481 kB/)
      .waitFor();
    await rowOf(uploader, name)
      .getByText(/Uploaded/)
      .waitFor();
    await rowOf(uploader, "resuming.png")
      .getByText(/of 1\.5 MB · [1-9]/)
      .waitFor();
    await holdQuestions(page);
    await uploader.getByRole("button", { name: "Pause resuming.png" }).click();
    await uploader.getByRole("button", { name: "Resume resuming.png" }).click();
    await rowOf(uploader, "resuming.png").getByText("1.5 MB · Resuming…").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
  },
);

async function seriousProblems(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations } = await Reflect.get(window, "axe").run("sluice-uploader");
    return violations.map(
      ({ id, impact, nodes }: { id: string; impact: string; nodes: { html: string }[] }) =>
        `${impact}: ${id}: ${nodes.map(({ html }) => html).join()}`,
    );
  });
}

test("from right to left everything is mirrored, and names of files keep their direction", async () => {
  const { page, uploader } = await openUploader(browser, `${app.url}/rtl`, { viewport: { width: 800, height: 600 } });
  await choose(uploader, await image("beach.jpg"));
  const row = rowOf(uploader, "beach.jpg");
  await row.getByText(/تم الرفع/).waitFor();
  const left = async (part: string) => (await row.locator(`.${part}`).boundingBox())?.x ?? Number.NaN;
  expect(await left("thumbnail")).toBeGreaterThan(await left("name"));
  expect(await left("name")).toBeGreaterThan(await left("remove"));
  expect(await row.locator(".name").evaluate((name) => getComputedStyle(name).direction)).toBe("ltr");
  expect(await overhang(page)).toBeLessThanOrEqual(0);
});

test("it follows the colour scheme in force where it stands, and the page's own colours", async () => {
  const { page, uploader } = await openUploader(browser, app.url, { colorScheme: "dark" });
  const background = () => uploader.locator(".base").evaluate((base) => getComputedStyle(base).backgroundColor);
  expect(await background()).toBe("rgb(24, 34, 38)");
  await uploader.evaluate((element: Uploader) => element.style.setProperty("color-scheme", "light"));
  expect(await background()).toBe("rgb(255, 255, 255)");
  await page.emulateMedia({ colorScheme: "light" });
  await uploader.evaluate((element: Uploader) => {
    element.style.setProperty("color-scheme", "normal");
    element.style.setProperty("--sluice-surface", "rgb(1, 2, 3)");
  });
  expect(await background()).toBe("rgb(1, 2, 3)");
});
