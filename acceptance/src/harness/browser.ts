import { type Browser, chromium, type LaunchOptions, type Page } from "playwright-core";
import { browserProgram } from "../../../scripts/browser-program.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-proxy-server",
];

export interface BrowserOptions {
  /** Host names, each with the loopback port that it resolves to. */
  readonly hosts?: Readonly<Record<string, number>>;
  /** Digests of the public keys whose certificates count as valid. */
  readonly trusted?: readonly string[];
}

let shared: Browser | undefined;

/**
 * Launches a Chromium that reaches the loopback address and nothing else. Without options it is the same one for all
 * test files of this process, because each launch takes a second of processor time. Closing that one closes its pages.
 */
export async function launchBrowser(options?: BrowserOptions): Promise<Browser> {
  if (options !== undefined) return launch(options);
  if (shared?.isConnected()) return shared;
  const browser = await launch({}, { handleSIGTERM: false });
  // Vitest ends the process by SIGTERM. Playwright ends the browser and removes its profile when the process exits.
  process.once("SIGTERM", () => process.exit());
  browser.close = async () => {
    for (const context of browser.contexts()) await context.close();
  };
  shared = browser;
  return browser;
}

function launch({ hosts = {}, trusted = [] }: BrowserOptions, settings: LaunchOptions = {}): Promise<Browser> {
  const rules = [
    ...Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`),
    "MAP * ~NOTFOUND",
    "EXCLUDE 127.0.0.1",
    "EXCLUDE localhost",
  ];
  return chromium.launch({
    ...settings,
    executablePath: browserProgram,
    args: [
      ...flags,
      `--host-resolver-rules=${rules.join(",")}`,
      ...(trusted.length > 0 ? [`--ignore-certificate-errors-spki-list=${trusted.join(",")}`] : []),
    ],
  });
}

/** Collects the page's uncaught errors, and its console's errors and warnings with their source. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(`${message.text()} (${message.location().url})`);
    }
  });
  return problems;
}

/**
 * The number of pixels by which the page is wider than its window. Negative when the window leaves room for a scroll
 * bar.
 */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
