import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { watchProblems } from "./browser.ts";
import type { StartedServer } from "./launch.ts";

export interface DemoPage {
  readonly page: Page;
  readonly uploader: Locator;
  /** The page's uncaught errors and its console's errors and warnings, violations of the content policy included. */
  readonly problems: readonly string[];
}

export interface ChosenFile {
  readonly name: string;
  readonly buffer: Buffer;
}

const pollMs = 20;
const maxWaitMs = 5000;

/** The link to the demo page that the server prints at its start. Scripts that take pictures ask for it too, without vitest. */
export async function demoLink(server: Pick<StartedServer, "output">): Promise<string> {
  for (const end = Date.now() + maxWaitMs; Date.now() < end; await sleep(pollMs)) {
    const link = /^ +demo page +(\S+)$/m.exec(server.output())?.[1];
    if (link !== undefined) return link;
  }
  throw new Error(`the server has printed no link to the demo page:\n${server.output()}`);
}

/** @param options `host` is another name of the server's machine */
export async function openDemo(
  browser: Browser,
  server: Pick<StartedServer, "output">,
  { host, ...options }: BrowserContextOptions & { readonly host?: string } = {},
): Promise<DemoPage> {
  const link = await demoLink(server);
  const page = await browser.newPage(options);
  page.setDefaultTimeout(10_000);
  const problems = watchProblems(page);
  await page.goto(host === undefined ? link : link.replace("127.0.0.1", host));
  return { page, uploader: page.locator("sluice-uploader"), problems };
}

/** Chooses files through the element's input, as if a user had picked them in the browser's dialog. */
export async function chooseFiles(page: Page, ...files: ChosenFile[]): Promise<void> {
  const payloads = files.map((file) => ({ ...file, mimeType: "application/octet-stream" }));
  await page.locator("sluice-uploader input[type=file]").setInputFiles(payloads);
}

/** Drags files from the desktop onto a part of the page outside the element. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const area = await page.getByRole("heading", { name: "Upload demo" }).boundingBox();
  if (area === null) throw new Error("there is no place to drop files");
  const place = { x: area.x + area.width / 2, y: area.y + area.height / 2 };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, ...place, data });
  }
}

/** Waits until the page shows the outcome of this file's upload, success or failure. */
export async function isShown(page: Page, fileName: string): Promise<void> {
  await page.getByText(`What happened to ${fileName}:`).waitFor();
}

/** Waits until the page shows that this file is stored. @returns the delivery URL that the page shows */
export async function storedUrl(page: Page, fileName: string): Promise<string> {
  await isShown(page, fileName);
  return (await page.getByLabel("The file's URL").getByRole("link").getAttribute("href")) ?? "";
}

/** The JSON that one of the page's boxes shows, such as the answer or a part of the token. */
export async function shownJson(page: Page, label: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse((await page.getByLabel(label, { exact: true }).textContent()) ?? "");
}

/** The natural width of the delivered picture, once it has loaded. With `src`, waits for the picture of that URL. */
export async function pictureWidth(page: Page, src?: string): Promise<number> {
  const picture = src === undefined ? page.locator("#picture") : page.locator(`#picture[src="${src}"]`);
  return picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return image.naturalWidth;
  });
}
