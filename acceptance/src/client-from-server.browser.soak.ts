import { createServer } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { listFiles } from "./harness/library.ts";
import { type Listening, listen } from "./harness/listen.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { mint } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;
let pages: Listening;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const html = `<!doctype html><link rel="icon" href="data:,"><output></output><script type="module">
    import { upload } from "${server.url}/_sluice/client.js";
    const token = new URLSearchParams(location.search).get("token");
    const file = new Blob(["hello"]);
    const { fileId } = await upload({ file, fileName: "imported.txt", token });
    document.querySelector("output").textContent = fileId;
  </script>`;
  pages = await listen(
    createServer((_request, response) => response.writeHead(200, { "content-type": "text/html" }).end(html)),
  );
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await server?.stop();
});

test("a page of another origin imports the client from the server, which is then the one that it uploads to", async () => {
  const page = await browser.newPage();
  const problems = watchProblems(page);
  await page.goto(`http://127.0.0.1:${pages.port}/?token=${mint({ fileName: "imported.txt" })}`);
  await page.waitForFunction(() => document.querySelector("output")?.textContent !== "");
  const [file] = await listFiles(server.url);
  expect(await page.textContent("output")).toBe(file?.fileId);
  expect(await page.evaluate(() => customElements.get("sluice-uploader") !== undefined)).toBe(true);
  expect(problems).toEqual([]);
});

test("what has not changed is not sent again, and there is nothing else beside it", async () => {
  const url = `${server.url}/_sluice/client.js`;
  const first = await fetch(url);
  expect(first.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  const again = await fetch(url, { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
  expect(again.status).toBe(304);
  for (const path of ["client/..%2f..%2fpackage.json", "client/upload.test.ts", "client/", "client.css"]) {
    expect((await fetch(`${server.url}/_sluice/${path}`)).status, path).toBe(404);
  }
});
