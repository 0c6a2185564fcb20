import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Page } from "playwright-core";
import { bundle } from "../../../examples/shared/bundle.ts";
import { launchBrowser } from "../harness/browser.ts";
import { listen } from "../harness/listen.ts";
import { mint } from "../harness/upload.ts";
import type { KillableClient, SourceFile } from "./ordeal.ts";
import type { PageUpload } from "./pages/upload-page.ts";

/** A client that runs in a tab of Chromium. */
export interface PageClient extends KillableClient {
  /** The number of uploads that the page has begun. An upload that goes on is not begun again. */
  readonly begun: number;
  close(): Promise<void>;
}

export interface PageClientOptions extends PageUpload {
  readonly source: SourceFile;
}

/** The clients that pages use, each with its page in `pages`. */
export const pageClients = ["tus-js-client", "uppy"] as const;
export type PageClientName = (typeof pageClients)[number];

/**
 * Opens a site whose page uploads the file that its user chooses, and a browser profile for its user. A killed tab is
 * followed by a new one, in which the user chooses the file again.
 */
export async function openPageClient(
  name: PageClientName,
  { source, sluice, fields }: PageClientOptions,
): Promise<PageClient> {
  const script = await bundle(new URL(`pages/${name}.ts`, import.meta.url));
  const site = await serveSite(script, { sluice, fields });
  const context = await (await launchBrowser()).newContext();
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>();
  await context.exposeFunction("ended", (session: string, problem?: string) => {
    if (problem === undefined) resolve(session);
    else reject(new Error(`${name} has given up: ${problem}`));
  });
  let begun = 0;
  context.on("request", (request) => {
    if (request.method() === "POST" && request.url().startsWith(sluice)) begun++;
  });
  let page: Page | undefined;
  return {
    ended,
    get begun() {
      return begun;
    },
    async start() {
      page = await context.newPage();
      await page.goto(site.url);
      await page.locator("input").setInputFiles(source.path);
    },
    async kill() {
      if (page !== undefined) await killTab(page);
    },
    async close() {
      await context.close();
      await site.close();
    },
  };
}

/** Kills the tab's process, so that nothing in the page runs any more. */
async function killTab(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  const devTools = await page.context().newCDPSession(page);
  // The command has no answer, because nobody is left to give one.
  void devTools.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
}

async function serveSite(script: string, upload: PageUpload) {
  const page = `<!doctype html><link rel="icon" href="data:,"><body data-upload='${JSON.stringify(upload)}'>
    <input type="file"><script type="module" src="/page.js"></script>`;
  const answers: Readonly<Record<string, () => readonly [type: string, body: string]>> = {
    "/": () => ["text/html", page],
    "/page.js": () => ["text/javascript", script],
    "/token": () => ["application/json", JSON.stringify({ token: mint(upload.fields) })],
  };
  const server = createServer(({ url = "" }: IncomingMessage, response: ServerResponse) => {
    const [type, body] = answers[url]?.() ?? [];
    if (type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type }).end(body);
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}`, close };
}
