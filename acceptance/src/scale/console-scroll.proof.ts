import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../harness/browser.ts";
import { cellOf, openConsole } from "../harness/console-page.ts";
import { memoryOf } from "../harness/page-memory.ts";
import { type FrameFigures, traceFrames } from "./frames.ts";
import { type LargeLibrary, openLibrary } from "./large-library.ts";

/** The number of files, all in one folder. `SLUICE_SCALE_FILES=10000` measures a smaller library. */
const files = Number((process.env.SLUICE_SCALE_FILES ?? "1000000").split(",").at(-1));
const minutes = 60_000;
const folder = "library/seed/large";

let library: LargeLibrary;
let browser: Browser;
beforeAll(async () => {
  library = await openLibrary(files, undefined, "one folder");
  browser = await launchBrowser({});
}, 60 * minutes);
afterAll(async () => {
  await browser?.close();
  await library?.close();
}, minutes);

const open = async (path: string): Promise<Page> => (await openConsole(browser, library.server.url, path)).page;

test("the first view of the library is there within a second", { timeout: 5 * minutes }, async () => {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const page = await open(folder);
    await firstFile(page).waitFor();
    // The files of the console are in the browser's cache from the second round on, as for somebody who comes back.
    await page.reload();
    times.push(await page.evaluate(untilShown));
    await page.context().close();
  }
  tell(`first view: ${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
  expect(times.toSorted((one, other) => one - other)[2]).toBeLessThan(1000);
});

test.each(["grid", "list"])(
  "scrolling through the %s costs little in each frame",
  { timeout: 5 * minutes },
  async (view) => {
    const page = await open(`${folder}?view=${view}`);
    await firstFile(page).waitFor();
    const figures = await traceFrames(browser, page, () => scroll(page));
    const empty = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await empty.goto(`${library.server.url}/health`);
    await empty.setContent('<div id="empty"></div>');
    await empty.evaluate(() => {
      const style = document.getElementById("empty")?.style;
      style?.setProperty("height", "8000000px");
    });
    const beside = await traceFrames(browser, empty, () => scroll(empty));
    tell(`${view}: ${textOf(figures)}; an empty page: ${textOf(beside)}`);
    expect(figures.p95).toBeLessThan(8);
    expect(figures.longestTask).toBeLessThan(50);
    await empty.context().close();
    await page.context().close();
  },
);

test("the scroll bar jumps anywhere, and neither the page nor its memory grows", {
  timeout: 5 * minutes,
}, async () => {
  const page = await open(`${folder}?sort=ASC_NAME&view=list`);
  await firstFile(page).waitFor();
  const jump = async (round: number) => {
    const share = ((round * 37) % 100) / 100;
    await page.evaluate((to) => {
      const scroller = document.querySelector("[role=grid]")?.parentElement?.parentElement;
      if (scroller) scroller.scrollTop = to * (scroller.scrollHeight - scroller.clientHeight);
    }, share);
    await page.waitForTimeout(300);
    await firstFile(page).waitFor();
  };
  for (let round = 0; round < 10; round++) await jump(round);
  const before = { ...(await memoryOf(browser, page)), nodes: await nodesOf(page) };
  for (let round = 10; round < 60; round++) await jump(round);
  const after = { ...(await memoryOf(browser, page)), nodes: await nodesOf(page) };
  tell(`after 10 jumps: ${JSON.stringify(before)}; after 60: ${JSON.stringify(after)}`);
  expect(after.nodes).toBeLessThan(5000);
  expect(after.nodes - before.nodes).toBeLessThan(1500);
  expect(after.heap - before.heap).toBeLessThan(16e6);
  await page.context().close();
});

test("the page answers hands within 100 ms", { timeout: 5 * minutes }, async () => {
  const slowest: Interaction[] = [];
  for (let round = 0; round < 3; round++) {
    const page = await open(folder);
    await firstFile(page).waitFor();
    await page.evaluate(watchEvents);
    await useHands(page);
    const events = await page.evaluate(() => (globalThis as { events?: Interaction[] }).events ?? []);
    slowest.push(...events.toSorted((one, other) => other.ms - one.ms).slice(0, 1));
    await page.context().close();
  }
  tell(`the slowest interaction of each round: ${slowest.map(({ name, ms }) => `${name} ${ms} ms`).join(", ")}`);
  // Other load on the machine counts here, so the quietest round is the one that says what the page needs.
  expect(Math.min(...slowest.map(({ ms }) => ms))).toBeLessThan(100);
});

test("a selection of all names their number, and the page answers hands within 100 ms meanwhile", {
  timeout: 5 * minutes,
}, async () => {
  const slowest: Interaction[] = [];
  for (let round = 0; round < 3; round++) {
    const page = await open(`${folder}?sort=ASC_NAME`);
    await firstFile(page).waitFor();
    await page.getByText(`${files.toLocaleString("en")} files`).waitFor();
    await page.evaluate(watchEvents);
    await selectAll(page);
    const events = await page.evaluate(() => (globalThis as { events?: Interaction[] }).events ?? []);
    slowest.push(...events.toSorted((one, other) => other.ms - one.ms).slice(0, 1));
    await page.context().close();
  }
  tell(`the slowest interaction with all selected: ${slowest.map(({ name, ms }) => `${name} ${ms} ms`).join(", ")}`);
  expect(Math.min(...slowest.map(({ ms }) => ms))).toBeLessThan(100);
});

/** Selects all files, all but one, and a range to the end, and begins to change all of them. */
async function selectAll(page: Page): Promise<void> {
  const selected = (count: number) =>
    page.getByRole("toolbar", { name: `${count.toLocaleString("en")} items selected` }).waitFor();
  await page.keyboard.press("Control+a");
  await selected(files);
  await firstFile(page).getByRole("checkbox").click();
  await selected(files - 1);
  await page.keyboard.press("End");
  await page.waitForTimeout(500);
  await page.keyboard.press("Home");
  await page.locator("[data-index='3']").focus();
  await page.keyboard.press("Shift+End");
  await selected(files - 3);
  await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
  const dialog = page.getByRole("dialog", { name: `Edit tags of ${(files - 3).toLocaleString("en")} files` });
  await dialog.getByRole("combobox").fill("all");
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  // The files of a large selection are asked for meanwhile, a thousand at a time.
  await page.getByRole("progressbar").waitFor();
  for (const key of ["ArrowUp", "Shift+ArrowUp", "Control+a", "Home", "End", "Escape"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(300);
  }
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByText(/^Stopped\. /).waitFor();
}

/** Goes through the files, selects some, opens and closes details, and changes the view. */
async function useHands(page: Page): Promise<void> {
  await page.getByRole("gridcell").nth(3).focus();
  const keys = ["ArrowRight", "ArrowDown", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "PageDown", "End"];
  for (const key of [...keys, "Home", "Escape"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(150);
  }
  await firstFile(page).waitFor();
  await page.getByRole("gridcell").nth(2).click();
  await page.getByRole("complementary", { name: "Details" }).waitFor();
  await page.getByRole("button", { name: "Close details" }).click();
  await page.getByText("List", { exact: true }).click({ force: true });
  await page.waitForTimeout(300);
  await cellOf(page, ".").nth(4).getByRole("checkbox").click();
  await page.getByRole("toolbar").waitFor();
  await page.waitForTimeout(500);
}

interface Interaction {
  readonly name: string;
  readonly ms: number;
}

function watchEvents(): void {
  const events: Interaction[] = [];
  Object.assign(globalThis, { events });
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) events.push({ name, ms: duration });
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
}

/** Runs in the page. @returns when, since the navigation, a file was shown */
async function untilShown(): Promise<number> {
  while (document.querySelector("[role=gridcell]:not([aria-busy])") === null) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return performance.now();
}

function firstFile(page: Page) {
  return page.locator("[role=gridcell]:not([aria-busy])").first();
}

/** Scrolls as a hand at a wheel does: some screens down at several speeds, and back up. */
async function scroll(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const [yDistance, speed] of [
    [-6000, 1200],
    [-16_000, 4000],
    [12_000, 4000],
    [-20_000, 8000],
  ] as const) {
    await session.send("Input.synthesizeScrollGesture", {
      x: 700,
      y: 500,
      yDistance,
      speed,
      gestureSourceType: "mouse",
    });
  }
  await session.detach();
}

async function nodesOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Memory.getDOMCounters");
  await session.detach();
  return nodes;
}

function textOf({ frames, drawn, p50, p95, max, longestTask }: FrameFigures): string {
  const own = `script and layout ${p50.toFixed(1)} ms at the median, ${p95.toFixed(1)} at p95, ${max.toFixed(1)} at most`;
  return `${frames} frames, ${drawn.toFixed(0)} drawn a second, ${own}, longest task ${longestTask.toFixed(0)} ms`;
}

/** Prints a measured figure in the run's output, for the docs. */
function tell(figure: string): void {
  process.stdout.write(`${figure}\n`);
}
