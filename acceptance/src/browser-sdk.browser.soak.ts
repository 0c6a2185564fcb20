import { createServer } from "node:http";
import { createV1Signature } from "@sluice/token";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { watchProblems } from "./harness/browser.ts";
import { launchBrowserAtHost } from "./harness/browser-at-host.ts";
import { type Listening, listen } from "./harness/listen.ts";
import { logRequests } from "./harness/network-log.ts";
import { type PageServer, startPageServer } from "./harness/page-server.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { expectPicture } from "./harness/shown-picture.ts";

/** The host that `@imagekit/javascript` posts to, whatever its options say. */
const uploadHost = "upload.imagekit.io";

let server: RunningServer;
let pages: PageServer;
let backend: Listening;
let browser: Browser;
beforeAll(async () => {
  server = await startServer({ flags: ["--v1-uploads"] });
  pages = await startPageServer();
  backend = await startSigningBackend();
  browser = await launchBrowserAtHost(uploadHost, server.url);
});
afterAll(async () => {
  await browser?.close();
  await backend?.close();
  await pages?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

describe.each([
  ["whose host is mapped to our server", () => ({})],
  ["with a request that goes to our server's address", () => ({ server: server.url })],
])("@imagekit/javascript %s", (_, settings) => {
  test("uploads a picture with a signature, after a preflight, and reads the answer's headers", async () => {
    const page = await openPage(settings());
    const problems = watchProblems(page);
    const requests = await logRequests(page);
    await choose(page, "sdk.jpg");
    await page.getByRole("button", { name: "Upload" }).click();
    await expectPicture(page, 320);
    expect(await page.locator("#picture").getAttribute("src")).toMatch(
      new RegExp(`^${server.url}/demo/sdk_[\\w-]+\\.jpg$`),
    );
    expect(await page.locator("#request").textContent()).toMatch(/^[0-9a-f-]{36}$/);
    const uploads = requests.filter(({ url }) => url.endsWith("/api/v1/files/upload"));
    expect(uploads.map(({ method }) => method).sort()).toEqual(["OPTIONS", "POST"]);
    expect(problems).toEqual([]);
  });

  test("reports a refusal with the server's own words", async () => {
    const page = await openPage(settings());
    await choose(page, "twice.jpg");
    await page.getByRole("button", { name: "Upload" }).click();
    await expectPicture(page, 320);
    await page.getByRole("button", { name: "again" }).click();
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toMatch(/^\w+: The token with value '[0-9a-f-]{36}' has been used before\. We suggest /);
  });
});

test("@imagekit/javascript sends what is to be made of the file", async () => {
  const page = await openPage({ transformation: JSON.stringify({ pre: "w-160" }) });
  await choose(page, "made.jpg");
  await page.getByRole("button", { name: "Upload" }).click();
  await expectPicture(page, 160);
});

test("@imagekit/javascript reads why its folder is refused", async () => {
  const page = await openPage({});
  await choose(page, "folder.jpg");
  await page.getByLabel("Folder").fill("/a/../b");
  await page.getByRole("button", { name: "Upload" }).click();
  await expect
    .poll(() => page.getByRole("alert").textContent())
    .toMatch(/: Your request contains invalid value for folder parameter\.$/);
});

/** Starts the application's backend, which knows the private key and signs for anyone. */
function startSigningBackend(): Promise<Listening> {
  const backend = createServer(async (_request, response) => {
    response.setHeader("access-control-allow-origin", pages.url);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(await createV1Signature({ privateKey: keys.privateKey })));
  });
  return listen(backend);
}

async function openPage(settings: Readonly<Record<string, string>>): Promise<Page> {
  const page = await browser.newPage();
  const address = { backend: `http://127.0.0.1:${backend.port}`, publicKey: keys.publicKey };
  await page.goto(`${pages.url}/browser-sdk.html?${new URLSearchParams({ ...address, ...settings })}`);
  return page;
}

async function choose(page: Page, name: string): Promise<void> {
  const buffer = await jpeg(320, 200);
  await page.getByLabel("File").setInputFiles({ name, mimeType: "image/jpeg", buffer });
}
