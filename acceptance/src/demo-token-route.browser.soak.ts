import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { chooseFiles, demoLink, storedUrl } from "./harness/demo-page.ts";
import { type PageServer, startPageServer } from "./harness/page-server.ts";
import { exchange } from "./harness/raw-http.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";

const tokenPath = "/_sluice/demo/token";
const request = JSON.stringify({
  uploadPayload: { fileName: "stolen.txt" },
  expire: 60,
  publicKey: keys.publicKey,
});

/** A host name that an attacker has pointed at this machine, as after DNS rebinding. */
const reboundHost = "rebound.test";

let server: RunningServer;
let pages: PageServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  pages = await startPageServer();
  browser = await launchBrowser({ hosts: { [reboundHost]: Number(new URL(server.url).port) } });
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** Asks for a token as a script of the page that is open. */
function askFrom(page: Page, secret = ""): Promise<{ readonly status: number; readonly body: unknown }> {
  return page.evaluate(
    async ([path, body, given]) => {
      const response = await fetch(path, { method: "POST", body, headers: { "x-sluice-demo": given } });
      return { status: response.status, body: await response.json() };
    },
    [tokenPath, request, secret] as const,
  );
}

const chooser = (page: Page) => page.getByRole("button", { name: "Choose files" });
const refused = { status: 403, body: { reason: "NOT_THE_DEMO_PAGE" } };

test("the printed link opens a page that gets tokens, also after a reload, and leaves no secret in the address", async () => {
  const page = await browser.newPage();
  const link = await demoLink(server);
  await page.goto(link);
  expect(page.url()).toBe(`${server.url}/_sluice/demo`);
  await expectUpload(page, "linked.txt");
  await page.reload();
  await expectUpload(page, "reloaded.txt");
  expect(await askFrom(page, link.split("=")[1])).toMatchObject({ status: 200 });
  expect(await askFrom(page)).toMatchObject(refused);
});

test("without the link the page says how to open it, and takes the link in the same tab", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/_sluice/demo`);
  await page.getByText("the link that the server printed").waitFor();
  expect(await chooser(page).isDisabled()).toBe(true);
  expect(await askFrom(page)).toMatchObject(refused);
  await page.goto(await demoLink(server));
  await expectUpload(page, "pasted.txt");
  expect(await page.locator("#closed").isVisible()).toBe(false);
});

test("the link of an earlier start gets no token, and the page says so", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/_sluice/demo#secret=${"a".repeat(43)}`);
  await chooseFiles(page, { name: "late.txt", buffer: Buffer.from("late") });
  await page.locator("#closed").getByText("Each start prints a new link").waitFor();
  expect(await page.locator("sluice-uploader").getAttribute("disabled")).toBe("");
  await page.reload();
  expect(await chooser(page).isDisabled()).toBe(true);
});

async function expectUpload(page: Page, name: string): Promise<void> {
  await expect.poll(() => chooser(page).isEnabled()).toBe(true);
  await chooseFiles(page, { name, buffer: Buffer.from(name) });
  expect(await storedUrl(page, name)).toContain("/demo/demo/");
}

test("a page of another origin gets none, with or without CORS", async () => {
  const page = await browser.newPage();
  await page.goto(pages.url);
  const answered = page.waitForResponse((response) => response.url().endsWith(tokenPath));
  const [withoutCors, withCors] = await page.evaluate(
    async ([url, body]) => {
      const opaque = await fetch(url, { method: "POST", body, mode: "no-cors" });
      const readable = await fetch(url, { method: "POST", body }).then(
        (response) => response.status,
        () => "kept from the page",
      );
      return [await opaque.text(), readable];
    },
    [`${server.url}${tokenPath}`, request] as const,
  );
  expect((await answered).status()).toBe(403);
  expect(withoutCors).toBe("");
  expect(withCors).toBe("kept from the page");
});

test("under a name that has been pointed at this machine there is no token without the secret", async () => {
  const page = await browser.newPage();
  await page.goto(`http://${reboundHost}/_sluice/demo`);
  expect(await chooser(page).isDisabled()).toBe(true);
  expect(await askFrom(page)).toMatchObject(refused);
});

test("behind a proxy that names its upstream as Host, strangers get no token", async () => {
  // As nginx does with a plain proxy_pass: Host is the upstream's, and no header tells of the client.
  const { host } = new URL(server.url);
  for (const headers of [
    [],
    ["sec-fetch-site: same-origin"],
    [`origin: http://${host}`, "sec-fetch-site: same-origin"],
  ]) {
    const head = [`POST ${tokenPath} HTTP/1.1`, `host: ${host}`, `content-length: ${request.length}`, ...headers];
    const { status } = await exchange(server.url, `${head.join("\r\n")}\r\n\r\n${request}`);
    expect(status).toBe(403);
  }
});

test("with --trust-proxy the demo is off unless it is asked for", async () => {
  for (const [flags, status] of [
    [[], 404],
    [["--demo"], 200],
  ] as const) {
    const proxied = await startServer({ flags: ["--trust-proxy", "1", ...flags] });
    try {
      expect((await fetch(`${proxied.url}/_sluice/demo`)).status).toBe(status);
    } finally {
      await proxied.stop();
    }
  }
});

test("--no-demo serves neither page nor token", async () => {
  const without = await startServer({ flags: ["--no-demo"] });
  try {
    expect((await fetch(`${without.url}/_sluice/demo`)).status).toBe(404);
    const origin = new URL(without.url).origin;
    const answer = await fetch(`${without.url}${tokenPath}`, { method: "POST", headers: { origin }, body: request });
    expect(answer.status).toBe(404);
  } finally {
    await without.stop();
  }
});
