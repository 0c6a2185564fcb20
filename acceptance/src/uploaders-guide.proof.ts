import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { type FreshApp, installFreshApp } from "./harness/fresh-app.ts";
import { root } from "./harness/launch.ts";
import { call } from "./harness/media-api.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { mint } from "./harness/upload.ts";

// The code of docs/guides/uploaders.md, exactly as shown but for the server's address, with what the registry has of Uppy and
// FilePond.

const packages = ["@uppy/core@6.3.1", "@uppy/xhr-upload@6.0.0", "filepond@4.32.12", "esbuild@0.28.2"];
const recipes = ["uppy", "filepond-with-client", "filepond"] as const;

let server: RunningServer;
let browser: Browser;
let app: FreshApp;
let host: FileHost;
let page: Page;
/** The parameters that the token route locks beside those that it is asked for. */
let forced: Record<string, string>;
/** The forms that have been sent: the names and the texts of their fields. */
let forms: [string, string][][];

beforeAll(async () => {
  [server, browser, app] = await Promise.all([
    startServer({ flags: ["--max-file-size", "100000"] }),
    launchBrowser(),
    installFreshApp(packages),
  ]);
  const guide = await readFile(`${root}docs/guides/uploaders.md`, "utf8");
  const blocks = [...guide.matchAll(/```js\n(.*?)```/gs)].map(([, code = ""]) => code);
  expect(blocks).toHaveLength(recipes.length);
  for (const [index, name] of recipes.entries()) {
    const code = (blocks[index] ?? "").replaceAll("https://uploads.example", server.url);
    await app.write(`${name}.js`, name === "uppy" ? `${code}\nglobalThis.uppy = uppy;` : code);
    const options = ["--bundle", "--format=esm", "--external:http*", `--outfile=${name}.bundle.js`];
    await app.run(join(app.folder, "node_modules/.bin/esbuild"), `${name}.js`, ...options);
  }
  host = await startFileHost(async (request, response) => {
    if (request.url === "/upload-token") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { uploadPayload } = JSON.parse(Buffer.concat(chunks).toString());
      const parameters = { ...uploadPayload, ...forced };
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify({ token: mint(parameters), parameters }));
    } else if (request.url?.endsWith(".js")) {
      response.setHeader("content-type", "text/javascript").end(await readFile(join(app.folder, request.url)));
    } else {
      const script = request.url?.slice(1);
      const html = `<!doctype html><input type="file"><script type="module" src="/${script}.bundle.js"></script>`;
      response.setHeader("content-type", "text/html").end(html);
    }
  });
}, 300_000);
afterAll(async () => {
  await Promise.all([host?.close(), browser?.close(), app?.remove()]);
  await server?.stop();
});
beforeEach(() => {
  forced = { folder: "/forced" };
  forms = [];
});

async function open(recipe: (typeof recipes)[number]): Promise<void> {
  page = await browser.newPage();
  await page.exposeFunction("formSent", (entries: [string, string][]) => forms.push(entries));
  await page.addInitScript(() => {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (body) {
      if (body instanceof FormData) {
        Reflect.get(window, "formSent")([...body].map(([name, value]) => [name, String(value)]));
      }
      send.call(this, body);
    };
  });
  await page.goto(`${host.url}/${recipe}`);
}

const file = async (name: string, buffer?: Buffer) => ({
  name,
  mimeType: "image/png",
  buffer: buffer ?? (await png()),
});

async function choose(name: string, buffer?: Buffer): Promise<void> {
  const chosen = await file(name, buffer);
  const input = page.locator("input[type=file]");
  // FilePond has replaced the page's field by its own; Uppy has no field of its own.
  if ((await page.evaluate(() => Reflect.get(globalThis, "uppy"))) === undefined) return input.setInputFiles(chosen);
  await page.evaluate(
    ([fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new File([bytes], fileName, { type: "image/png" });
      Reflect.get(globalThis, "uppy").addFile({ name: fileName, type: "image/png", data });
    },
    [chosen.name, chosen.buffer.toString("base64")] as const,
  );
}

const storedNames = async () => {
  const { body } = await call(server.url, "GET", "/v1/files?path=forced&limit=100");
  return (body as { name: string }[]).map(({ name }) => name);
};

test.each(recipes)("%s uploads a file, and tells of a refusal after one form", { timeout: 60_000 }, async (recipe) => {
  await open(recipe);
  await choose(`${recipe}.png`);
  await expect.poll(storedNames, { timeout: 20_000 }).toContainEqual(expect.stringMatching(`^${recipe}_`));
  const before = forms.length;
  expect(before).toBe(1);
  await choose(`${recipe}-large.png`, Buffer.alloc(150_000));
  await expect.poll(() => forms.length, { timeout: 20_000 }).toBe(before + 1);
  // Uppy would send the form again after 300, 600 and 1200 ms.
  await page.waitForTimeout(2500);
  expect(forms).toHaveLength(before + 1);
  await page.close();
});
