import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type PageServer, startPageServer } from "./harness/page-server.ts";
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

test("a page of the server itself gets a token", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/_sluice/demo`);
  const answer = await page.evaluate(
    async ([path, body]) => {
      const response = await fetch(path, { method: "POST", body });
      return { status: response.status, body: await response.json() };
    },
    [tokenPath, request] as const,
  );
  expect(answer).toMatchObject({ status: 200, body: { token: expect.stringMatching(/^ey/) } });
});

test("a page of another origin gets none, with or without CORS", async () => {
  const page = await browser.newPage();
  await page.goto(pages.url);
  const refused = page.waitForResponse((response) => response.url().endsWith(tokenPath));
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
  expect((await refused).status()).toBe(403);
  expect(withoutCors).toBe("");
  expect(withCors).toBe("kept from the page");
});

test("under a name that has been pointed at this machine the page says where it works, and gets no token", async () => {
  const page = await browser.newPage();
  await page.goto(`http://${reboundHost}/_sluice/demo`);
  expect(await page.getByRole("button", { name: "Choose files" }).isDisabled()).toBe(true);
  expect(await page.locator(".notice").textContent()).toContain("http://localhost");
  const answer = await page.evaluate(
    async ([path, body]) => {
      const response = await fetch(path, { method: "POST", body });
      return { status: response.status, body: await response.json() };
    },
    [tokenPath, request] as const,
  );
  expect(answer).toMatchObject({ status: 403, body: { reason: "NOT_THE_DEMO_PAGE" } });
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
