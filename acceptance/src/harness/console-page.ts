import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { overhang, watchProblems } from "./browser.ts";
import { signInToConsole } from "./console.ts";

export interface ConsolePage {
  readonly page: Page;
  /** The page's errors and warnings, and what its policy has refused. */
  readonly problems: readonly string[];
}

/** Opens the console at a place, with a session of its own. Nothing is typed for it, which saves a second. */
export async function openConsole(
  browser: Browser,
  serverUrl: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<ConsolePage> {
  const { headers } = await signInToConsole(serverUrl);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const [name = "", value = ""] = String(headers.cookie).split("=");
  await context.addCookies([{ name, value, url: serverUrl, httpOnly: true, sameSite: "Strict" }]);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const problems = watchProblems(page);
  await page.goto(`${serverUrl}/console/${path}`);
  await page.getByRole("button", { name: "Account" }).waitFor();
  return { page, problems };
}

/** The cell of a file or a folder in the library's grid. */
export function cellOf(page: Page, name: string): Locator {
  return page.getByRole("gridcell").filter({ hasText: name });
}

/** Drags files and folders of the device onto the library. */
export async function dropOnLibrary(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 700, y: 400, data });
  }
  await session.detach();
}

/** The name of the element that has the keyboard. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent ?? "");
}

const { source: axe } = createRequire(import.meta.url)("axe-core");

interface AxeReport {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

const smallScreen = { viewport: { width: 360, height: 740 }, colorScheme: "dark" } as const;
const wideScreen = { viewport: { width: 1280, height: 800 }, colorScheme: "light" } as const;

/** Opens the console on a small and dark screen, for `faultsOnScreens`. axe needs a page without its policy. */
export async function openOnSmallScreen(browser: Browser, serverUrl: string): Promise<Page> {
  const { page } = await openConsole(browser, serverUrl, "", { ...smallScreen, bypassCSP: true });
  return page;
}

/**
 * Faults of a page that was opened on the small and dark screen, there and on a wide and light one. Opening it once
 * more would cost as much as looking for faults.
 * @param shown the element that has to be there on both screens
 */
export async function faultsOnScreens(page: Page, shown: Locator): Promise<string[]> {
  const faults: string[] = [];
  for (const { viewport, colorScheme } of [smallScreen, wideScreen]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await shown.waitFor();
    await page.evaluate(settle);
    const found = (await shown.isVisible()) ? await faultsOf(page) : ["closed by the change of the screen"];
    faults.push(...found.map((fault) => `${viewport.width} pixels, ${colorScheme}: ${fault}`));
  }
  await page.setViewportSize(smallScreen.viewport);
  await page.emulateMedia({ colorScheme: smallScreen.colorScheme });
  return faults;
}

/** Runs in the page. Waits until the view has followed the window, and nothing moves any more. */
export async function settle(): Promise<void> {
  for (let frame = 0; frame < 4; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  // An animation is cancelled with its element.
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

/** Faults of the page as it stands: what axe finds, and whether it is wider than the screen. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Half a megabyte of script, which the page keeps until it goes elsewhere.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => {
    const { axe } = globalThis as never as { readonly axe: { run(options: object): Promise<AxeReport> } };
    return axe.run({ resultTypes: ["violations"] });
  });
  const faults = violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 200)}`);
  return (await overhang(page)) > 0 ? [...faults, "wider than the screen"] : faults;
}
