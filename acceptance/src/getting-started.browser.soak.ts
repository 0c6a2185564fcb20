import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type SnippetPages, startSnippetPages } from "./harness/snippet-pages.ts";
import { openSnippets, type RunningSnippet, type Snippets } from "./harness/snippets.ts";

let server: RunningServer;
let readme: Snippets;
let browser: Browser;
let pages: SnippetPages;
let backend: RunningSnippet;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  readme = await openSnippets("docs/getting-started.md", server.url);
  pages = await startSnippetPages(readme, { "/three-lines.html": threeLines });
  backend = await readme.serve("backend.mjs", { "http://localhost:5173": pages.url });
});
afterAll(async () => {
  await Promise.all([backend?.stop(), pages?.close(), browser?.close()]);
  await server?.stop();
  await readme?.remove();
});

test("the backend's and the page's snippets upload into the user's own folder", async () => {
  await readme.write("page.js", readme.block("// page.js").replace("http://localhost:4000", backend.url));
  const { answer } = await pages.upload(browser, "page.js", image);
  expect(answer).toMatchObject({
    filePath: expect.stringMatching(/^\/users\/ada\/hello_.+\.txt$/),
    size: image.length,
  });
  const refused = pages.upload(browser, "page.js", "hello");
  await expect(refused).rejects.toThrow("Your request failed 'checks' validation.");
});

/** The first bytes of a GIF, enough to detect its type. */
const image = "GIF89a\0\0\0\0";

async function threeLines(): Promise<Response> {
  const html = readme.block("<!doctype html>").replace("http://localhost:4000", backend.url);
  return new Response(html, { headers: { "content-type": "text/html" } });
}

test("three lines in a page upload what is chosen", async () => {
  const page = await browser.newPage();
  await page.goto(`${pages.url}/three-lines.html`);
  const done = page.evaluate(
    () =>
      new Promise((resolve) =>
        document.addEventListener("sluice-done", (event) => resolve((event as CustomEvent).detail.result)),
      ),
  );
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles({ name: "chosen.gif", mimeType: "image/gif", buffer: Buffer.from(image) });
  expect(await done).toMatchObject({ filePath: expect.stringMatching(/^\/users\/ada\/chosen_.+\.gif$/) });
});
