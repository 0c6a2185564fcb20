import { createV1Signature } from "@sluice/token";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { launchBrowserAtHost } from "./harness/browser-at-host.ts";
import { deliver } from "./harness/deliver.ts";
import { logRequests } from "./harness/network-log.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { type SnippetPages, startSnippetPages } from "./harness/snippet-pages.ts";
import { openSnippets, type Snippets } from "./harness/snippets.ts";

/** The host that imagekitio-react posts to, whatever its options say. */
const uploadHost = "upload.imagekit.io";

const mounting = `
import { createRoot } from "react-dom/client";
import { UploadPicture } from "./upload-picture.jsx";
export function mount() {
  const place = document.body.appendChild(document.createElement("main"));
  return new Promise((resolve) => createRoot(place).render(<UploadPicture onStored={resolve} />));
}
`;

let server: RunningServer;
let snippets: Snippets;
let pages: SnippetPages;
let signed = () => createV1Signature({ privateKey: keys.privateKey });
beforeAll(async () => {
  server = await startServer({ flags: ["--v1-uploads"] });
  snippets = await openSnippets("docs/coming-from-imagekit.md", server.url);
  const constants = `const PUBLIC_KEY = ${JSON.stringify(keys.publicKey)};\n`;
  await snippets.write("upload-picture.jsx", constants + snippets.block("// upload-picture.jsx"));
  await snippets.write("to-sluice.js");
  await snippets.write("mapped.jsx", mounting);
  await snippets.write("redirected.jsx", `import "./to-sluice.js";\n${mounting}`);
  pages = await startSnippetPages(snippets, { "/upload-auth": async () => Response.json(await signed()) });
});
afterAll(async () => {
  await pages?.close();
  await server?.stop();
  await snippets?.remove();
});

describe.each([
  ["whose host is mapped to our server", "mapped.jsx", () => launchBrowserAtHost(uploadHost, server.url)],
  ["with a request that goes to our server's address", "redirected.jsx", () => launchBrowser()],
] as const)("IKUpload of imagekitio-react %s", (_, script, launch) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function open(): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(pages.url);
    await page.evaluate(`window.stored = import("/${script}").then(({ mount }) => mount()); undefined`);
    return page;
  }

  async function choose(page: Page): Promise<Buffer> {
    const buffer = await jpeg(320, 200);
    await page.locator("input[type=file]").setInputFiles({ name: "react.jpg", mimeType: "image/jpeg", buffer });
    return buffer;
  }

  test("uploads the picture that is chosen with the signature that its authenticator gets", async () => {
    const page = await open();
    const problems = watchProblems(page);
    const requests = await logRequests(page);
    const picture = await choose(page);
    const stored = await page.evaluate<Record<string, unknown>>("window.stored");
    expect(stored).toMatchObject({
      name: expect.stringMatching(/^react_[\w-]+\.jpg$/),
      filePath: expect.stringMatching(/^\/from-react\//),
      tags: ["from", "react"],
      width: 320,
      height: 200,
    });
    expect((await deliver(`${stored.url}?tr=orig-true`)).bytes.equals(picture)).toBe(true);
    const uploads = requests.filter(({ url }) => url.endsWith("/api/v1/files/upload"));
    expect(uploads.map(({ method }) => method).sort()).toEqual(["OPTIONS", "POST"]);
    expect(problems).toEqual([]);
  });

  test("reports a refusal in the server's own words", async () => {
    const [once, mint] = [await signed(), signed];
    signed = async () => once;
    try {
      const first = await open();
      await choose(first);
      await first.evaluate("window.stored");
      const again = await open();
      const said = again.waitForEvent("dialog");
      await choose(again);
      const dialog = await said;
      expect(dialog.message()).toMatch(/^The token with value '.+' has been used before\. We suggest /);
      await dialog.dismiss();
    } finally {
      signed = mint;
    }
  });
});
