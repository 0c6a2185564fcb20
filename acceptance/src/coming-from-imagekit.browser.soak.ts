import ImageKit from "@imagekit/nodejs";
import { uploadTokenHandler } from "@sluice/token";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { type SnippetPages, startSnippetPages } from "./harness/snippet-pages.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";

let sluice: RunningServer;
let snippets: Snippets;
let browser: Browser;
let pages: SnippetPages;
beforeAll(async () => {
  [sluice, browser] = await Promise.all([startServer({ flags: ["--v1-uploads"] }), launchBrowser()]);
  snippets = await openSnippets("docs/coming-from-imagekit.md", sluice.url);
  const imagekit = new ImageKit({ privateKey: keys.privateKey });
  pages = await startSnippetPages(snippets, {
    "/upload-auth": async () => Response.json(imagekit.helper.getAuthenticationParameters()),
    "/upload-token": uploadTokenHandler({ keys, authorize: () => true, policy: { allow: ["fileName", "tags"] } }),
  });
});
afterAll(async () => {
  await Promise.all([pages?.close(), browser?.close()]);
  await sluice?.stop();
  await snippets?.remove();
});

const stored = { name: expect.stringMatching(/^hello_/), size: 5 };

test("the V1 snippet uploads with the vendor's browser SDK and a signature", async () => {
  const constants = `const PUBLIC_KEY = ${JSON.stringify(keys.publicKey)};\n`;
  await snippets.write("browser-v1.js", constants + snippets.block("// browser-v1.js"));
  expect((await pages.upload(browser, "browser-v1.js")).answer).toMatchObject(stored);
});

test("the snippet for @sluice/client uploads with a token and shows how far it is", async () => {
  await snippets.write("browser.js");
  const { page, answer } = await pages.upload(browser, "browser.js");
  expect(answer).toMatchObject(stored);
  expect(await page.locator("body").textContent()).toContain("100 %");
});
