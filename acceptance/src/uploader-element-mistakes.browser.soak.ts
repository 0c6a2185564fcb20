import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type Listening, listen } from "./harness/listen.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { choose, openUploader, rowOf, startUploaderApp, type UploaderApp } from "./harness/uploader-page.ts";

/** Mistakes in setting up the element. The page's developer is told about the mistake, the page's users are not. */

let server: RunningServer;
let browser: Browser;
let other: Listening;
let silent: string;
let app: UploaderApp;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  other = await listen(createServer(answerOfAnother));
  const elsewhere = `http://127.0.0.1:${other.port}`;
  const closed = await listen(createServer());
  silent = `http://127.0.0.1:${closed.port}`;
  await closed.close();
  const element = (tokenEndpoint: string, endpoint = server.url) =>
    `<sluice-uploader endpoint="${endpoint}" token-endpoint="${tokenEndpoint}"></sluice-uploader>`;
  app = await startUploaderApp({
    // The addresses that the page's policy lets it connect to.
    server: `${server.url} ${elsewhere} ${silent}`,
    pages: {
      "/missing": element("/no-such-route"),
      "/closed": element(`${elsewhere}/closed`),
      "/other-server": element("/upload-token", elsewhere),
      "/silent-token": element(`${silent}/token`),
      "/silent-server": element("/upload-token", silent),
      "/forbidden": element(`http://localhost:${other.port}/closed`),
      "/cut": element("/upload-token", `${elsewhere}/cut`),
      "/limited": element("/upload-token", `${elsewhere}/limited`),
      "/failing": element(`${elsewhere}/failing`),
    },
  });
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await other?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** The answers of faulty backends to `POST`, by the first part of the path. Pages may read their other answers. */
const mistakes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  cut: (request) => request.destroy(),
  // As nginx does: it reads and discards what comes, and its answer has no CORS headers.
  limited: (request, response) => void request.resume().once("end", () => response.writeHead(413).end("too large")),
  failing: (request, response) =>
    void request.resume().once("end", () => response.writeHead(500, cors).end('{"error":"no keys"}')),
};

const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-allow-methods": "*",
};

/** A backend that pages of other origins may not read, unless its path names a mistake. */
function answerOfAnother(request: IncomingMessage, response: ServerResponse): void {
  const mistake = mistakes[request.url?.split("/")[1] ?? ""];
  if (mistake === undefined) return void response.end('{"token":"secret"}');
  if (request.method === "POST") return void mistake(request, response);
  response.writeHead(200, cors).end();
}

const unreachable = "Can't reach the server. Trying again…";
const interrupted = "The upload was interrupted. Trying again…";
const unavailable = "Uploads aren't available right now. Trying again…";

test.each<[page: string, users: string, developer: RegExp[]]>([
  [
    "/missing",
    "This file couldn't be uploaded.",
    [/TOKEN_ENDPOINT.* 404/, /\/no-such-route answered 404$/, /check the address/],
  ],
  ["/closed", unavailable, [/TOKEN_ENDPOINT/, /\/closed$/, /CORS: .*cors: \{ origins: \["http:/]],
  ["/other-server", unreachable, [/NETWORK/, /\/api\/v2\/files\/upload$/, /CORS: .*not as Sluice.*`endpoint`/]],
  ["/silent-token", unavailable, [/TOKEN_ENDPOINT/, /\/token$/, /Nothing answers there: is it running/]],
  ["/silent-server", unreachable, [/NETWORK/, /\/api\/v2\/files\/upload$/, /Nothing answers there/]],
  ["/forbidden", unavailable, [/TOKEN_ENDPOINT/, /localhost/, /connect-src/]],
  ["/cut", interrupted, [/INTERRUPTED/, /\/cut\/api\/v2\/files\/upload$/, /\d+ bytes were sent in .*limit the size/]],
  [
    "/limited",
    interrupted,
    [/INTERRUPTED/, /\/limited\/api\/v2/, /^(\d+) of \1 bytes.*a proxy's 413.*client_max_body_size/],
  ],
  ["/failing", unavailable, [/TOKEN_ENDPOINT.* 500/, /\/failing answered 500$/, /log of your backend/, /"no keys"/]],
])("%s: users read %j", async (path, users, developer) => {
  const { uploader, problems } = await openUploader(browser, app.url + path);
  const told = () => problems.filter((problem) => problem.startsWith("<sluice-uploader>"));
  await choose(uploader, { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await rowOf(uploader, "a.txt").getByText(users, { exact: true }).waitFor();
  await expect.poll(told).toHaveLength(1);
  // The console's source location follows the text.
  const lines = told()[0]
    ?.replace(/ \(\S+\)$/, "")
    .split("\n");
  expect(lines).toEqual(developer.map((line) => expect.stringMatching(line)));
});
