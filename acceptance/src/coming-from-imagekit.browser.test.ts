import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import ImageKit from "@imagekit/nodejs";
import { toNodeListener, uploadTokenHandler } from "@sluice/token";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../../examples/shared/bundle.ts";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { type Listening, listen } from "./harness/listen.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";

let sluice: RunningServer;
let snippets: Snippets;
let browser: Browser;
let application: Listening;
beforeAll(async () => {
  [sluice, browser] = await Promise.all([startServer(), launchBrowser()]);
  snippets = await openSnippets("docs/coming-from-imagekit.md", sluice.url);
  application = await startApplication();
});
afterAll(async () => {
  await Promise.all([application?.close(), browser?.close()]);
  await sluice?.stop();
  await snippets?.remove();
});

/** The pages' own server: it signs as the vendor's helper does, and serves the snippets as a bundler would make them. */
function startApplication(): Promise<Listening> {
  const imagekit = new ImageKit({ privateKey: keys.privateKey });
  const html = { "Content-Type": "text/html; charset=utf-8" };
  const routes: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
    "/": () => new Response('<!doctype html><link rel="icon" href="data:,">', { headers: html }),
    "/upload-auth": () => Response.json(imagekit.helper.getAuthenticationParameters()),
    "/upload-token": uploadTokenHandler({ keys, authorize: () => true, policy: { allow: ["fileName", "tags"] } }),
  };
  const script = async (file: string) => {
    const code = await bundle(pathToFileURL(`${snippets.folder}${file}`));
    return new Response(code, { headers: { "Content-Type": "text/javascript; charset=utf-8" } });
  };
  return listen(
    createServer(
      toNodeListener(async (request) => {
        const { pathname } = new URL(request.url);
        return (await routes[pathname]?.(request)) ?? script(pathname);
      }),
    ),
  );
}

/** Calls the `uploadFile` that a snippet exports, in a page. */
async function uploadWith(file: string) {
  const constants = `const PUBLIC_KEY = ${JSON.stringify(keys.publicKey)};\n`;
  await snippets.write(file, constants + snippets.block(`// ${file}\n`));
  const page = await browser.newPage();
  const problems = watchProblems(page);
  await page.goto(`http://127.0.0.1:${application.port}/`);
  const call = `import("/${file}").then(({ uploadFile }) => uploadFile(new File(["hello"], "hello.txt")))`;
  const answer = await page.evaluate(call);
  expect(problems).toEqual([]);
  return { page, answer };
}

test("the V1 snippet uploads with the vendor's browser SDK and a signature", async () => {
  expect((await uploadWith("browser-v1.js")).answer).toMatchObject({ name: expect.stringMatching(/^hello_/), size: 5 });
});

test("the snippet for @sluice/client uploads with a token and shows how far it is", async () => {
  const { page, answer } = await uploadWith("browser.js");
  expect(answer).toMatchObject({ name: expect.stringMatching(/^hello_/), size: 5 });
  expect(await page.locator("body").textContent()).toContain("100 %");
});
