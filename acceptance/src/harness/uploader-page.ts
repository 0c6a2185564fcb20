import { createServer, type RequestListener } from "node:http";
import { toNodeListener, type UploadPolicy, uploadTokenHandler } from "@sluice/token";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { bundleClient, clientFile } from "../../../packages/client/build.ts";
import { watchProblems } from "./browser.ts";
import { listen } from "./listen.ts";
import { keys } from "./server.ts";

export type Uploader = HTMLElementTagNameMap["sluice-uploader"];

export interface UploaderApp {
  readonly url: string;
  /** The number of tokens that the pages have requested, refused requests included. */
  readonly asked: () => number;
  close(): Promise<void>;
}

export interface UploaderAppOptions {
  /** The Sluice server that the page uploads to. */
  readonly server: string;
  /** The markup of each page's body, by path. */
  readonly pages: Readonly<Record<string, string>>;
  readonly head?: string;
  /** The files that the head refers to, by path. */
  readonly assets?: Readonly<Record<string, { readonly type: string; readonly body: string | Buffer }>>;
  readonly policy?: UploadPolicy | ((fileName: string | undefined) => UploadPolicy | Response);
}

const openPolicy: UploadPolicy = { allow: ["fileName", "folder", "tags", "responseFields", "customCoordinates"] };

/**
 * Starts an application on its own origin: pages with the element, under the strictest possible content security
 * policy, and the backend that mints their tokens at `/upload-token`.
 */
export async function startUploaderApp(options: UploaderAppOptions): Promise<UploaderApp> {
  const { policy = openPolicy } = options;
  const client = await bundleClient();
  const mint = toNodeListener(
    uploadTokenHandler({
      keys,
      authorize: () => true,
      policy: (_, requested) => (typeof policy === "function" ? policy(requested.fileName) : policy),
    }),
  );
  let asked = 0;
  const contentPolicy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob: ${options.server}`,
    "font-src 'self'",
    `connect-src 'self' ${options.server}`,
    "form-action 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const app: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://app");
    if (pathname === "/upload-token") {
      asked++;
      return mint(request, response);
    }
    const script = client.get(pathname.slice(1));
    if (script !== undefined) return response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    if (pathname === "/icon") return response.writeHead(204).end();
    const asset = options.assets?.[pathname];
    if (asset !== undefined) return response.writeHead(200, { "content-type": asset.type }).end(asset.body);
    const body = options.pages[pathname];
    if (body === undefined) return response.writeHead(404).end();
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": contentPolicy })
      .end(document(options.head ?? "", body));
  };
  const { port, close } = await listen(createServer(app));
  return { url: `http://127.0.0.1:${port}`, asked: () => asked, close };
}

function document(head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Uploads</title><link rel="icon" href="/icon">${head}
<script type="module" src="/${clientFile}"></script>
<main>${body}</main>
</html>`;
}

export interface UploaderPage {
  readonly page: Page;
  readonly uploader: Locator;
  /** The page's uncaught errors and its console's errors and warnings, violations of the content policy included. */
  readonly problems: readonly string[];
}

export async function openUploader(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<UploaderPage> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(15_000);
  const problems = watchProblems(page);
  await page.goto(url);
  return { page, uploader: page.locator("sluice-uploader"), problems };
}

export interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Chooses files as if a user had picked them in the browser's dialog. */
export async function choose(uploader: Locator, ...files: readonly ChosenFile[]): Promise<void> {
  await uploader.locator("input[type=file]").setInputFiles([...files]);
}

/** Holds the questions of resumable uploads how much has arrived, so that they stay "Resuming". */
export async function holdQuestions(page: Page): Promise<void> {
  await page.route("**/_sluice/resumable/*", (route) =>
    route.request().method() === "GET" ? new Promise(() => undefined) : route.continue(),
  );
}

/** The row of the file with this name. */
export function rowOf(uploader: Locator, name: string): Locator {
  return uploader.getByRole("listitem").filter({ has: uploader.page().getByText(name, { exact: true }) });
}

/** Waits until the summary says this. */
export async function summaryIs(uploader: Locator, text: string | RegExp, timeout?: number): Promise<void> {
  const summary = uploader.locator(".summary-text").getByText(text, { exact: true });
  await summary.waitFor(timeout === undefined ? {} : { timeout });
}
