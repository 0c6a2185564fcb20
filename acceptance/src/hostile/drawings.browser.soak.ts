import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../harness/browser.ts";
import { expectStored } from "../harness/expectations.ts";
import { type FileHost, startFileHost } from "../harness/file-host.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { honestDrawings, illustrated, restlessDrawing } from "./support/drawings.ts";

let server: RunningServer;
let browser: Browser;
/** Requests of drawings to another host, which serves one drawing unchanged and an empty page for everything else. */
let asked: string[] = [];
let host: FileHost;
let restless: string;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  host = await startFileHost(({ url = "" }, response) => {
    if (url === "/restless.svg") {
      response.writeHead(200, { "content-type": "image/svg+xml" }).end(restlessDrawing(host.url));
    } else {
      if (url !== "/favicon.ico" && url !== "/page") asked.push(url.slice(1));
      response.writeHead(200, { "content-type": "text/html", "access-control-allow-origin": "*" }).end();
    }
  });
  restless = await store(restlessDrawing(host.url), "restless.svg");
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  await server?.stop();
});
beforeEach(() => {
  asked = [];
});

async function store(drawing: string, fileName: string): Promise<string> {
  const answer = await uploadBasic(server.url, drawing, { fileName });
  expectStored(answer);
  return answer.body.url;
}

async function inNewPage<T>(use: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 640, height: 480 } });
  try {
    return await use(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** Opens the drawing as a page, moves the mouse over it and clicks, and waits a moment for the effects. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "load" });
  await touch(page);
}

async function touch(page: Page): Promise<void> {
  await page.mouse.move(5, 5);
  await page.mouse.click(50, 50);
  await page.mouse.click(150, 150);
  // This is longer than the animations that would change links and handlers.
  await page.waitForTimeout(400);
}

test("the drawing asks and runs wherever it is shown as it is", async () => {
  await inNewPage(async (page) => {
    await open(page, `${host.url}/restless.svg`);
    await expect
      .poll(() => asked, { timeout: 20_000 })
      .toEqual(
        expect.arrayContaining([
          ...["script", "prefixed-script", "load-handler", "begin-handler", "animated-link", "html-script"],
          ...["import.css", "font.woff2", "image.png", "xlink-image.png", "effect.png", "foreign.png", "frame"],
          ...["instruction.css", "script.js", "html.png"],
        ]),
      );
  });
});

test.each(["", "?ik-sanitizeSvg=false", "?tr=orig-true"])(
  "opened as a page%s it runs nothing and asks for nothing",
  async (query) => {
    await inNewPage(async (page, context) => {
      const requests: string[] = [];
      context.on("request", (request) => requests.push(request.url()));
      await open(page, restless + query);
      // Chromium also reports requests that the policy stops, as if they had been sent.
      if (query === "") expect(requests.filter((url) => !url.endsWith("/favicon.ico"))).toEqual([restless]);
    });
    expect(asked).toEqual([]);
  },
);

test.each([
  ["an image", (url: string) => `<img src="${url}">`],
  ["an object", (url: string) => `<object data="${url}" type="image/svg+xml" width="200" height="200"></object>`],
  ["a frame", (url: string) => `<iframe src="${url}" width="200" height="200"></iframe>`],
  ["embedded", (url: string) => `<embed src="${url}" type="image/svg+xml" width="200" height="200">`],
])("as %s of another site's page it runs nothing and asks for nothing", async (_, markup) => {
  await inNewPage(async (page, context) => {
    await page.goto(`${host.url}/page`);
    const requests: string[] = [];
    context.on("request", (request) => requests.push(request.url()));
    await page.setContent(`<body style="margin:0">${markup(restless)}`, { waitUntil: "load" });
    await touch(page);
    expect(new Set(requests)).toEqual(new Set([restless]));
  });
  expect(asked).toEqual([]);
});

test("written into a page, where no policy holds it, it runs nothing and asks for nothing", async () => {
  const drawing = await (await fetch(restless)).text();
  for (const path of ["innerHTML", "document"]) {
    await inNewPage(async (page) => {
      await page.goto(`${host.url}/page`);
      if (path === "document") await page.setContent(drawing, { waitUntil: "load" });
      else await page.evaluate((markup) => document.body.insertAdjacentHTML("beforeend", markup), drawing);
      expect(await page.locator("svg text").textContent()).toBe("restless");
      await touch(page);
    });
  }
  expect(asked).toEqual([]);
});

test("drawings that only draw look as they did", async () => {
  const drawings = { ...honestDrawings, illustrated };
  const urls = await Promise.all(Object.entries(drawings).map(([name, text]) => store(text, `${name}.svg`)));
  const pictures = await inNewPage(async (page) => {
    await page.goto(`${host.url}/page`);
    const show = async (query: string): Promise<Buffer[]> => {
      const images = urls.map((url) => `<img src="${url}${query}" width="100" height="100">`);
      await page.setContent(`<body>${images.join("")}`, { waitUntil: "load" });
      const shots: Buffer[] = [];
      for (const image of await page.locator("img").all()) shots.push(await image.screenshot());
      return shots;
    };
    return { stored: await show("?ik-sanitizeSvg=false"), cleaned: await show("") };
  });
  for (const [index, name] of Object.keys(drawings).entries()) {
    const [before, after] = [pictures.stored[index], pictures.cleaned[index]].map((shot) => sharp(shot).removeAlpha());
    const [pixels, others] = await Promise.all([before?.raw().toBuffer(), after?.raw().toBuffer()]);
    expect(others?.equals(pixels ?? Buffer.of()), name).toBe(true);
    expect(new Set(pixels).size, `${name} shows something`).toBeGreaterThan(1);
  }
});
