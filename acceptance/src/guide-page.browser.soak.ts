import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { watchProblems } from "./harness/browser.ts";
import { launchBrowserAtHost } from "./harness/browser-at-host.ts";
import { limitSending, logRequests } from "./harness/network-log.ts";
import { noisePng } from "./harness/noise.ts";
import { type PageServer, startPageServer } from "./harness/page-server.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { expectPicture } from "./harness/shown-picture.ts";
import {
  type StartTokenBackend,
  startGuideBackend,
  startHandlerBackend,
  type TokenBackend,
} from "./harness/token-backends.ts";

/** The host that the guide's page posts to. The browser takes the TLS proxy in front of our server for that host. */
const uploadHost = "upload.imagekit.io";
const uploadUrl = `https://${uploadHost}/api/v2/files/upload`;

let server: RunningServer;
let pages: PageServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  pages = await startPageServer();
  browser = await launchBrowserAtHost(uploadHost, server.url);
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

describe.each<[string, StartTokenBackend]>([
  ["a backend that signs with jsonwebtoken", startGuideBackend],
  ["a backend built on uploadTokenHandler", startHandlerBackend],
])("the guide's page with %s", (_, startBackend) => {
  let backend: TokenBackend;
  beforeAll(async () => {
    backend = await startBackend(pages.url);
  });
  afterAll(() => backend?.close());

  test("uploads a picture and shows it from its URL", async () => {
    const page = await openGuide(backend);
    const problems = watchProblems(page);
    await choose(page, "photo.jpg", await jpeg(320, 200));
    await page.getByRole("button", { name: "Upload" }).click();
    await expectPicture(page, 320);
    const url = await page.locator("#picture").getAttribute("src");
    expect(url).toMatch(new RegExp(`^${server.url}/demo/photo_[\\w-]+\\.jpg$`));
    expect(problems).toEqual([]);
  });

  test("fetches the token with JSON that calls itself a form and two custom headers, after a preflight", async () => {
    const page = await openGuide(backend);
    const before = backend.requests.length;
    await choose(page, "headers.jpg", await jpeg(320, 200));
    await page.getByRole("button", { name: "Upload" }).click();
    await expectPicture(page, 320);
    const [preflight, request, ...more] = backend.requests.slice(before);
    expect(preflight).toMatchObject({
      method: "OPTIONS",
      headers: { "access-control-request-headers": "x-app-request,x-app-user", origin: pages.url },
    });
    expect(request).toMatchObject({
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "x-app-user": "anna",
        "x-app-request": "upload-token",
      },
    });
    expect(more).toEqual([]);
  });

  test("sees how far the file has got, which takes a preflight of the upload", async () => {
    const page = await openGuide(backend);
    const requests = await logRequests(page);
    const picture = await noisePng(900, 700);
    await limitSending(page, 3_000_000);
    await choose(page, "large.png", picture);
    await page.getByRole("button", { name: "Upload" }).click();
    await expectPicture(page, 900);

    const uploads = requests.filter(({ url }) => url === uploadUrl);
    expect(uploads.map(({ method }) => method)).toContain("OPTIONS");
    for (const { status } of uploads) expect(status).toBeOneOf([200, 204]);
    const events = await page.evaluate(() => Reflect.get(window, "progressEvents"));
    const loaded: number[] = events.map((event: { loaded: number }) => event.loaded);
    const total = events[0].total;
    expect(total).toBeGreaterThan(picture.length);
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded[0]).toBeLessThan(total);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(loaded.at(-1)).toBe(total);
  });

  test("says that a token has been used when the same form is sent again", async () => {
    const page = await openGuide(backend);
    await choose(page, "twice.jpg", await jpeg(320, 200));
    await page.getByRole("button", { name: "Upload" }).click();
    await expectPicture(page, 320);
    await page.getByRole("button", { name: "Send the same form again" }).click();
    await expectAlert(page, "The token has been used before.");
  });

  test("says that the payload does not match when the form names another folder than the token", async () => {
    const page = await openGuide(backend);
    await choose(page, "folder.jpg", await jpeg(320, 200));
    await page.getByLabel("Folder", { exact: true }).fill("/users/anna");
    await page.getByLabel("Folder to send instead").fill("/users/berta");
    await page.getByRole("button", { name: "Upload" }).click();
    await expectAlert(
      page,
      "Your request contains invalid payload. It does not match with the payload used to generate token.",
    );
    expect(await page.locator("#picture").isVisible()).toBe(false);
  });

  test("stores in the folder that both the token and the form name", async () => {
    const page = await openGuide(backend);
    await choose(page, "own-folder.jpg", await jpeg(320, 200));
    await page.getByLabel("Folder", { exact: true }).fill("/users/anna");
    await page.getByRole("button", { name: "Upload" }).click();
    await expectPicture(page, 320);
    expect(await page.locator("#picture").getAttribute("src")).toContain(`${server.url}/demo/users/anna/own-folder_`);
  });
});

test("a page whose user the backend does not know gets to read why there is no token", async () => {
  const backend = await startHandlerBackend(pages.url);
  try {
    const page = await openGuide(backend, { user: "mallory" });
    await choose(page, "photo.jpg", await jpeg(320, 200));
    const answer = page.waitForResponse(backend.url);
    await page.getByRole("button", { name: "Upload" }).click();
    expect((await answer).status()).toBe(401);
    await expectAlert(page, "You are not signed in, or may not upload.");
  } finally {
    await backend.close();
  }
});

async function openGuide(backend: TokenBackend, settings: Readonly<Record<string, string>> = {}): Promise<Page> {
  const page = await browser.newPage();
  const query = new URLSearchParams({ backend: backend.url, publicKey: keys.publicKey, ...settings });
  await page.goto(`${pages.url}/guide.html?${query}`);
  return page;
}

/** Two uploads through the guide's backend need two names: within one second, equal payloads give equal tokens. */
async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.getByLabel("File").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}

async function expectAlert(page: Page, text: string): Promise<void> {
  const alert = page.getByRole("alert").filter({ hasText: /./ });
  expect(await alert.textContent()).toBe(text);
}
