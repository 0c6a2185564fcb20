import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser, overhang } from "./harness/browser.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";

const { source: axe } = createRequire(import.meta.url)("axe-core");

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/**
 * The renderer tries out whether it may evaluate text, and how wide a scroll bar is. It does without where the policy
 * forbids that.
 */
const triedOut = /^(?:script-src eval|style-src-attr inline)$/;

async function openReference(options: Parameters<Browser["newPage"]>[0], hash = "") {
  const page = await browser.newPage(options);
  const problems: string[] = [];
  const hosts = new Set<string>();
  page.on("pageerror", ({ message }) => problems.push(message));
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await page.exposeFunction("noteViolation", (violation: string) => {
    if (!triedOut.test(violation)) problems.push(violation);
  });
  await page.addInitScript(() => {
    const { noteViolation } = globalThis as unknown as { readonly noteViolation: (violation: string) => void };
    addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      noteViolation(`${effectiveDirective} ${blockedURI}`),
    );
  });
  await page.goto(`${server.url}/docs/api${hash}`);
  return { page, problems, hosts };
}

/** Everything that the page has put into the browser, as text. */
function stored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, databases]);
  });
}

const screens = [1280, 360].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ viewport: { width, height: 800 }, colorScheme })),
);

test.each(screens)(
  "the reference is drawn at $viewport.width pixels, $colorScheme, from this server alone",
  async (screen) => {
    const { page, problems, hosts } = await openReference(screen, "#tag/files/GET/v1/files");
    await page.getByRole("heading", { name: "List and search files and folders" }).waitFor();
    await expect.poll(() => page.evaluate(() => document.body.className)).toContain(`${screen.colorScheme}-mode`);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    expect([...hosts]).toEqual([server.url]);
    expect(problems).toEqual([]);
  },
);

test.each(screens)("axe finds nothing in the reference at $viewport.width pixels, $colorScheme", async (screen) => {
  // Without the policy, so that axe can be added to the page.
  const page = await browser.newPage({ ...screen, bypassCSP: true });
  await page.goto(`${server.url}/docs/api#tag/files/GET/v1/files`);
  await page.getByRole("heading", { name: "List and search files and folders" }).waitFor();
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => Reflect.get(window, "axe").run());
  expect(
    violations.flatMap(({ id, nodes }: { id: string; nodes: readonly { html: string }[] }) =>
      nodes.map(({ html }) => `${id}: ${html}`),
    ),
  ).toEqual([]);
});

test("the endpoints of a group are links for the keyboard too", async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/docs/api`);
  const link = page.getByRole("list", { name: "Uploads endpoints" }).getByRole("link").first();
  await link.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/#tag\/uploads\/POST\/api\/v2\/files\/upload$/i);
});

test("a private key that is typed in is used for a try-out, and kept nowhere", async () => {
  const { page, problems, hosts } = await openReference({ viewport: { width: 1280, height: 900 } });
  await page.getByText("Username", { exact: true }).first().click();
  await page.keyboard.type(keys.privateKey);
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === "/api/v2/files/upload");
  await page
    .getByRole("button", { name: /Test Request/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Send" }).first().click();
  expect((await asked).headers().authorization).toBe(`Basic ${btoa(`${keys.privateKey}:`)}`);
  expect(await stored(page)).not.toContain(keys.privateKey);
  expect(await stored(page)).not.toContain(btoa(`${keys.privateKey}:`));
  await page.reload();
  await page.getByText("Username", { exact: true }).first().waitFor();
  expect(await page.content()).not.toContain(keys.privateKey);
  expect([...hosts]).toEqual([server.url]);
  expect(problems).toEqual([]);
});

test("the page and the document depend on nobody's request", async () => {
  const read = async (path: string, headers: Readonly<Record<string, string>>) => {
    const answer = await fetch(server.url + path, { headers });
    return { text: (await answer.text()).replaceAll(/nonce="[^"]*"|content="[\w+/=]{24}"/g, ""), answer };
  };
  const authorization = `Basic ${btoa(`${keys.privateKey}:`)}`;
  for (const path of ["/docs/api", "/openapi.json"]) {
    const plain = await read(path, {});
    const others = { authorization, "x-forwarded-host": "evil.example", cookie: "a=1", origin: "https://evil.example" };
    expect((await read(path, others)).text).toBe(plain.text);
    expect(plain.text).not.toMatch(/evil\.example|private_test/);
    expect(plain.answer.headers.get("vary") ?? "").not.toMatch(/authorization|cookie/i);
    expect(plain.answer.headers.get("x-content-type-options")).toBe("nosniff");
  }
  const { headers } = await fetch(`${server.url}/docs/api`);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-security-policy")).not.toMatch(/unsafe|https?:|\*/);
});
