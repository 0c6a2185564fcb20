import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createAccount } from "./harness/account.ts";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { openConsole } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type PageServer, startPageServer } from "./harness/page-server.ts";
import { sluiceInHost } from "./harness/program-in-host.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

const sessionPath = "/_sluice/console/session";

let server: RunningServer;
let pages: PageServer;
let browser: Browser;
let context: BrowserContext;
/** A page of the server's own origin, whose policy lets it send requests there. */
let own: Page;

beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  pages = await startPageServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await server?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  own = await context.newPage();
  await own.goto(`${server.url}/_sluice/demo`);
  expect(await send(own, "POST", sessionPath, keys)).toMatchObject({ status: 201 });
});
afterEach(() => context.close());

/** Sends a request from a page, as the console does. */
function send(page: Page, method: string, path: string, body?: object) {
  return page.evaluate(
    async ([url, asked, text]) => {
      try {
        const answer = await fetch(url, {
          method: asked,
          headers: { "x-sluice-console": "1" },
          credentials: "include",
          ...(text !== "" && { body: text }),
        });
        return { status: answer.status, text: await answer.text() };
      } catch (error) {
        return { status: 0, text: String(error) };
      }
    },
    [`${server.url}${path}`, method, body === undefined ? "" : JSON.stringify(body)] as const,
  );
}

async function folderNames(): Promise<string[]> {
  const { body } = await call(server.url, "GET", "/v1/files?type=folder");
  return body.map(({ name }: { name: string }) => name);
}

test("the cookie is for the browser alone: no script reads it", async () => {
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    name: expect.stringMatching(/^sluice_/),
  });
  expect(await own.evaluate(() => document.cookie)).toBe("");
  expect(await own.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).toBe("[{},{}]");
  expect(await send(own, "GET", sessionPath)).toMatchObject({ status: 200 });
  expect(await send(own, "DELETE", sessionPath)).toMatchObject({ status: 204 });
  expect(await context.cookies()).toEqual([]);
  expect(await send(own, "GET", sessionPath)).toMatchObject({ status: 401 });
});

test("the console's page and its files come from its own host, and its policy lets it do all that it does", async () => {
  const page = await context.newPage();
  const problems = watchProblems(page);
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  const answer = await page.goto(`${server.url}/console/settings/sessions`);
  // In a checkout whose console nobody has built, the page says so instead.
  if (answer?.status() === 503) await page.getByRole("heading", { name: /not built|being built/ }).waitFor();
  else await page.getByRole("main").waitFor();
  expect([...hosts]).toEqual([new URL(server.url).origin]);
  expect(problems.filter((problem) => !problem.includes("503"))).toEqual([]);
});

const act = `window.ran = true; fetch("/v1/folder", { method: "POST", credentials: "include", headers: { "x-sluice-console": "1" },
  body: JSON.stringify({ folderName: "forged-by-file", parentFolderPath: "/" }) });`;
const hostile = [
  [
    "page.html",
    `<!doctype html><p>hello</p><script>${act}</script><img src=x onerror='${act.replaceAll("'", "&#39;")}'>`,
  ],
  ["drawing.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>${act}</script></svg>`],
  ["page.xhtml", `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>${act}</script></body></html>`],
] as const;

test.each(hostile)(
  "an uploaded %s on the console's origin runs nothing, and has neither cookie nor session",
  async (fileName, content) => {
    const { body } = await uploadBasic(server.url, content, { fileName, useUniqueFileName: "false" });
    const page = await context.newPage();
    await page.goto(body.url);
    expect(new URL(page.url()).origin).toBe(new URL(server.url).origin);
    expect(await page.evaluate(() => (window as { ran?: boolean }).ran)).toBeUndefined();
    // Even a script that ran there could do nothing with the session.
    expect(await page.evaluate(() => origin)).toBe("null");
    await expect(page.evaluate(() => document.cookie)).rejects.toThrow("sandboxed");
    expect(await send(page, "GET", sessionPath)).toMatchObject({ status: 0 });
    const forged = { folderName: "forged-by-file", parentFolderPath: "/" };
    expect(await send(page, "POST", "/v1/folder", forged)).toMatchObject({ status: 0 });
    expect(await folderNames()).not.toContain("forged-by-file");
  },
);

test("an uploaded page does nothing by a click in it, by a frame of the console, or by the page that opened it", async () => {
  const forged = `{"folderName":"forged-by-click","parentFolderPath":"/","a":"`;
  const content = `<!doctype html><meta http-equiv="refresh" content="0;url=/console/"><base href="/console/">
    <form method="post" enctype="text/plain" action="/v1/folder"><input name='${forged}' value='"}'><button>Send</button></form>
    <a id="script" href="javascript:${act.replaceAll('"', "&quot;")}">Open</a><iframe src="/console/"></iframe>
    <object data="/console/"></object><embed src="/console/"><link rel="stylesheet" href="/v1/files">`;
  const { body } = await uploadBasic(server.url, content, { fileName: "clicks.html", useUniqueFileName: "false" });
  const [page] = await Promise.all([
    own.waitForEvent("popup"),
    own.evaluate((url) => void open(url), body.url as string),
  ]);
  await page.waitForLoadState();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("#script").click();
  await page.waitForTimeout(500);
  expect(page.url()).toBe(body.url);
  expect(asked.filter((path) => path !== new URL(body.url).pathname)).toEqual([]);
  expect(await page.evaluate(() => (window as { ran?: boolean }).ran)).toBeUndefined();
  expect(
    await page.evaluate(() => {
      try {
        return String(opener?.document.cookie);
      } catch (error) {
        return (error as Error).name;
      }
    }),
  ).toMatch(/SecurityError|undefined/);
  expect(await folderNames()).not.toContain("forged-by-click");
});

test("a library whose every text is markup runs nothing in any view of the console", { timeout: 90_000 }, async () => {
  const markup = `"><img src=x onerror="globalThis.hacked=1"><svg onload="globalThis.hacked=1"></script><script>globalThis.hacked=1</script>{{7*7}}`;
  const field = { name: "hostile", label: markup, schema: { type: "SingleSelect", selectOptions: [markup, "b"] } };
  expect((await call(server.url, "POST", "/v1/customMetadataFields", { body: field })).status).toBe(201);
  const details = {
    tags: `<img src=x onerror=globalThis.hacked=1>,"quoted" <b>`,
    description: markup,
    customMetadata: JSON.stringify({ hostile: markup }),
    folder: "/<svg onload=globalThis.hacked=1>",
    useUniqueFileName: "false",
  };
  const contents: readonly (readonly [string, string | Uint8Array])[] = [
    ["<img src=x onerror=globalThis.hacked=1>.jpg", await jpeg(40, 30)],
    ...hostile.map(([name, content]) => [`in-console-${name}`, content] as const),
    ["javascript:globalThis.hacked=1.md", `[a](javascript:globalThis.hacked=1) <script>globalThis.hacked=1</script>`],
  ];
  const files = [];
  for (const [fileName, content] of contents) {
    const { status, body } = await uploadBasic(server.url, content, { ...details, fileName });
    expect(status, JSON.stringify(body)).toBe(200);
    files.push(body);
  }
  const gone = await uploadBasic(server.url, await jpeg(8, 8), { ...details, fileName: "gone.jpg" });
  await call(server.url, "DELETE", `/v1/files/${gone.body.fileId}`);

  const { page, problems } = await openConsole(browser, server.url, "", { userAgent: markup.slice(0, 200) });
  page.on("dialog", (dialog) => dialog.dismiss());
  const folder = encodeURIComponent(String(files[0].filePath).split("/")[1] ?? "");
  const text = encodeURIComponent(markup);
  const views = [
    `library/${folder}`,
    `library/${folder}?view=list&sort=${text}`,
    ...files.map(({ fileId }) => `library/${folder}?file=${fileId}`),
    `library/${text}?file=${text}`,
    `library/?q=${text}&everywhere=true`,
    `library/?q=${encodeURIComponent(`name = "${markup}`)}`,
    "trash",
    ...["usage", "keys", "sessions", "fields", "named", text].map((part) => `settings/${part}`),
    `playground?file=${files[0].fileId}&tr=${text}`,
    `playground?file=${text}`,
    `${text}`,
  ];
  for (const view of views) {
    await page.goto(`${server.url}/console/${view}`);
    await page.getByRole("button", { name: "Account" }).waitFor();
    await page.waitForTimeout(250);
    const hacked = await page.evaluate(() => (globalThis as { hacked?: number }).hacked);
    expect(hacked, view).toBeUndefined();
  }
  // The policy has had nothing to refuse: the texts have never been markup. The refused requests are those of the views.
  expect(problems.filter((problem) => !/status of 4\d\d/.test(problem))).toEqual([]);
  await page.context().close();
});

test("a sign-in link of another page's choice takes no session's place unasked", async () => {
  await createAccount(server.dataDir, "stranger");
  const { page } = await openConsole(browser, server.url, "library");
  const account = async () => JSON.parse((await send(page, "GET", sessionPath)).text).account?.imagekitId;
  const openLink = async (imagekitId: string) => {
    const asked = ["--account", imagekitId, "--data-dir", server.dataDir];
    const { stdout, stderr } = await sluiceInHost(["console-link", ...asked]);
    const [secret] = /#link=\S+/.exec(stdout) ?? [stderr];
    await page.goto("about:blank");
    await page.goto(`${server.url}/console/library${secret}`);
    return secret;
  };
  const question = page.getByRole("heading", { name: "You're signed in to demo" });
  const menu = page.getByRole("button", { name: "Account" });

  const secret = await openLink("stranger");
  await question.waitFor();
  expect(page.url()).not.toContain("link=");
  expect(await account()).toBe("demo");
  await page.getByRole("button", { name: "Stay signed in" }).click();
  await menu.waitFor();
  expect(await account()).toBe("demo");

  // The page is open already when the link comes.
  await page.evaluate((hash) => location.assign(hash), secret);
  await question.waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await menu.waitFor();
  expect(await account()).toBe("stranger");

  expect(await send(page, "DELETE", sessionPath)).toMatchObject({ status: 204 });
  await openLink("demo");
  await menu.waitFor();
  expect(await account()).toBe("demo");
  await page.context().close();
});

test("a page of another origin can't act by the cookie, neither by a script nor by a form", async () => {
  const page = await context.newPage();
  await page.goto(pages.url);
  const forged = { folderName: "forged-from-elsewhere", parentFolderPath: "/" };
  expect(await send(page, "POST", "/v1/folder", forged)).toMatchObject({ status: 0 });
  const statuses = await page.evaluate(
    async ([url, body]) => {
      const simple = await fetch(`${url}/v1/folder`, { method: "POST", mode: "no-cors", credentials: "include", body });
      return simple.type;
    },
    [server.url, JSON.stringify(forged)] as const,
  );
  expect(statuses).toBe("opaque");
  await page.setContent(
    `<form method="post" enctype="text/plain" action="${server.url}/v1/folder"><input name='{"folderName":"forged-from-elsewhere","parentFolderPath":"/","a":"' value='"}'></form>`,
  );
  await Promise.all([page.waitForNavigation(), page.evaluate(() => document.forms[0]?.submit())]);
  expect(JSON.parse((await page.textContent("body")) ?? "")).toMatchObject({ reason: "PRIVATE_KEY_MISSING" });
  expect(await folderNames()).not.toContain("forged-from-elsewhere");
});
