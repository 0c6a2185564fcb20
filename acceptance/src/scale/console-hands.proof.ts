import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../harness/browser.ts";
import { cellOf, openConsole } from "../harness/console-page.ts";
import { jpeg } from "../harness/samples.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";

let server: RunningServer;
let browser: Browser;
/** The file that the playground opens. */
let fileId: string;
beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  browser = await launchBrowser({});
  const picture = await jpeg(600, 400);
  for (let index = 0; index < 60; index++) {
    const fields = { fileName: `picture-${index}.jpg`, useUniqueFileName: "false", tags: "summer,sky" };
    const where = index < 50 ? fields : { ...fields, folder: "/folder" };
    const { body } = await uploadBasic(server.url, picture, where);
    if (index === 49) fileId = body.fileId;
  }
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

type Hand = (page: Page) => Promise<unknown>;

const press = (name: string | RegExp, role: "button" | "link" | "radio" = "button"): Hand => {
  return (page) =>
    page
      .getByRole(role, { name, exact: typeof name === "string" })
      .first()
      .click();
};
const key = (name: string): Hand => {
  return (page) => page.keyboard.press(name);
};

/** The acts of a hand in each view, one after another. */
const views: Readonly<Record<string, Readonly<Record<string, Hand>>>> = {
  "library/": {
    "open details": (page) => cellOf(page, "picture-49.jpg").click(),
    "close details": press("Close details"),
    "show as a list": (page) => page.getByText("List", { exact: true }).click({ force: true }),
    "show as a grid": (page) => page.getByText("Grid", { exact: true }).click({ force: true }),
    "go on": (page) => cellOf(page, "picture-48.jpg").press("ArrowRight"),
    "select a range": key("Shift+ArrowRight"),
    "open the tags": (page) => page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click(),
    "type a tag": (page) => page.keyboard.type("s"),
    "close the suggestions": key("Escape"),
    "close the tags": key("Escape"),
    "open the folders": (page) => page.getByRole("toolbar").getByRole("button", { name: "Move" }).click(),
    "close the folders": key("Escape"),
    "select all": key("Control+a"),
    "clear the selection": press("Clear selection"),
    "enter the search": (page) => page.getByRole("combobox").first().click(),
    "type in the search": (page) => page.keyboard.type("s"),
    "open the filters": press("Filters"),
    "open a filter": press("Type"),
    "take a filter": press("Images", "radio"),
    "clear the search": press("Clear search"),
    "open a folder": (page) => cellOf(page, "folder").first().click(),
    "open the keys": key("?"),
    "close the keys": key("Escape"),
    "open the trash": press("Trash", "link"),
    "open the settings": press("Settings", "link"),
    "open the keys of the account": press("Keys", "link"),
    "open the delivery": press("Delivery", "link"),
    "open the developers": press("Developers", "link"),
    "open the tokens": press("Upload tokens", "link"),
    "open the webhooks": press("Webhooks", "link"),
    "open the jobs": press("Jobs", "link"),
    "open the health": press("Health", "link"),
  },
  "playground?file=FILE&tr=w-300:h-200:rt-90:q-80:bl-2:f-webp": {
    "type a width": (page) => page.getByRole("spinbutton", { name: "Width" }).first().press("1"),
    "show more controls": press("More controls"),
    "add a step": press("Add step"),
    "move a step": press("Move Step 2 up"),
    "open the pictures": press("Choose image or video"),
    "close the pictures": key("Escape"),
    "type a transformation": (page) => page.getByRole("textbox", { name: "Transformation" }).press("1"),
  },
};

/** The time that the page's own thread worked for an act, and the time until the browser had painted the answer to it. */
interface Measured {
  readonly act: string;
  readonly work: number;
  readonly painted: number;
}

/** Work is counted until the page has rested for this time. */
const restMs = 600;

test("the page answers each act of a hand within 100 ms", { timeout: 300_000 }, async () => {
  const rounds: Measured[][] = [];
  for (let round = 0; round < 3; round++) rounds.push(await measureAll());
  const quietest = rounds[0]?.map(({ act }, index) => {
    const all = rounds.map((each) => each[index] as Measured);
    return {
      act,
      work: Math.min(...all.map(({ work }) => work)),
      painted: Math.min(...all.map(({ painted }) => painted)),
    };
  });
  const slowest = (quietest ?? []).toSorted((one, other) => other.painted - one.painted);
  for (const { act, work, painted } of slowest.slice(0, 12)) {
    process.stdout.write(`# ${act}: painted after ${painted.toFixed(0)} ms, ${work.toFixed(0)} ms of work\n`);
  }
  // Other load on the machine counts here, so the quietest round is the one that says what the page needs.
  expect(slowest.filter(({ painted }) => painted >= 100)).toEqual([]);
});

async function measureAll(): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [path, acts] of Object.entries(views)) {
    const { page } = await openConsole(browser, server.url, path.replace("FILE", fileId));
    await page.waitForLoadState("networkidle");
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.evaluate(watchEvents);
    for (const [act, hand] of Object.entries(acts)) {
      const before = await workOf(session);
      await hand(page);
      await page.waitForTimeout(restMs);
      measured.push({ act, work: (await workOf(session)) - before, painted: await page.evaluate(takeSlowest) });
    }
    await page.context().close();
  }
  return measured;
}

/** Milliseconds for which the page's main thread has had the processor. */
async function workOf(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
}

/** Runs in the page. */
function watchEvents(): void {
  const durations: number[] = [];
  Object.assign(globalThis, { durations });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) durations.push(duration);
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
}

/** Runs in the page. @returns the slowest event since the last call */
function takeSlowest(): number {
  const { durations } = globalThis as never as { readonly durations: number[] };
  return Math.max(0, ...durations.splice(0));
}
