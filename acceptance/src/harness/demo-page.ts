import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { watchProblems } from "./browser.ts";

export interface DemoPage {
  readonly page: Page;
  /** What its console complained about: a violated policy is among it. */
  readonly problems: readonly string[];
}

export interface ChosenFile {
  readonly name: string;
  readonly buffer: Buffer;
}

export async function openDemo(
  browser: Browser,
  serverUrl: string,
  options: BrowserContextOptions = {},
): Promise<DemoPage> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(10_000);
  const problems = watchProblems(page);
  await page.goto(`${serverUrl}/_sluice/demo`);
  return { page, problems };
}

/** By the page's input, as if they had been picked in the browser's dialog. */
export async function chooseFiles(page: Page, ...files: ChosenFile[]): Promise<void> {
  const payloads = files.map((file) => ({ ...file, mimeType: "application/octet-stream" }));
  await page.getByLabel("Choose files").setInputFiles(payloads);
}

/** By dragging them in from the desktop. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const area = await page.locator("#picker").boundingBox();
  if (area === null) throw new Error("there is no place to drop files");
  const place = { x: area.x + area.width / 2, y: area.y + area.height / 2 };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, ...place, data });
  }
}

/** What the page shows of the uploads of one file, the newest first. */
export function cardsOf(page: Page, fileName: string): Locator {
  const heading = page.getByRole("heading", { name: fileName, exact: true });
  return page
    .getByRole("list", { name: /^Uploads/ })
    .getByRole("listitem")
    .filter({ has: heading });
}

/** Waits for an upload's end, whichever it is, and says what its card says of it. */
export async function endOf(card: Locator): Promise<string> {
  const end = card.locator(".state").filter({ hasText: /^(Stored|Refused|Failed|Cancelled)/ });
  return (await end.textContent()) ?? "";
}

/** Waits until an upload is stored, and says where it is delivered. */
export async function storedUrl(card: Locator): Promise<string> {
  const end = await endOf(card);
  if (!end.startsWith("Stored")) throw new Error(`the upload ended otherwise: ${await card.textContent()}`);
  return (await card.getByRole("link").getAttribute("href")) ?? "";
}

/** The JSON in one of the card's boxes: the answer, or a part of the token. */
export async function shownJson(card: Locator, label: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse((await card.getByLabel(label).textContent()) ?? "");
}

/** The natural width of the picture on a card, once it has been loaded. */
export async function pictureWidth(card: Locator): Promise<number> {
  const picture = card.getByRole("img");
  return picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return image.naturalWidth;
  });
}

/** What the card says of the upload's state, one line for each change. */
export async function recordStates(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const states: string[] = [];
    Reflect.set(window, "recordedStates", states);
    new MutationObserver(() => {
      const state = document.querySelector(".card .state")?.textContent ?? "";
      if (state !== "" && state !== states.at(-1)) states.push(state);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => Reflect.get(window, "recordedStates"));
}
