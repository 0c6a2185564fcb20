import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createKey } from "./harness/account.ts";
import { launchBrowser, overhang } from "./harness/browser.ts";
import { faultsOf, openConsole, settle } from "./harness/console-page.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const { body } = await uploadBasic(server.url, await jpeg(60, 40), { fileName: "a.jpg" });
  for (let round = 0; round < 3; round++) await (await fetch(`${body.url}?tr=w-20`)).arrayBuffer();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const open = (path: string, options = {}) => openConsole(browser, server.url, path, options);
const views = ["developers/refusals", "developers/tokens", "settings/usage"];

describe("why was it refused?", () => {
  test("is answered by the request id, with the mouse", async () => {
    const refused = await uploadWithToken(server.url, "x", { fileName: "b.txt" }, mint({ fileName: "other.txt" }));
    await fetch(`${server.url}/demo/none.jpg`);
    const { page, problems } = await open("library/");
    await page.getByRole("link", { name: "Developers" }).click();
    const rows = page.getByRole("listitem");
    await rows.filter({ hasText: "PAYLOAD_MISMATCH" }).first().waitFor();
    await page.getByRole("textbox", { name: /request ID/ }).fill(refused.headers.get("x-request-id") ?? "");
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.textContent()).toContain("with another value in the form than in the token: fileName");
    await page.getByRole("textbox", { name: /request ID/ }).fill("");
    await page.getByRole("combobox", { name: "Request type" }).selectOption("Delivery");
    await expect.poll(() => rows.allTextContents()).toEqual([expect.stringContaining("NOT_FOUND")]);
    expect(problems).toEqual([]);
  });

  test("is answered by keyboard, and leads to the check of the token", async () => {
    await uploadWithToken(server.url, "x", { fileName: "b.txt" }, mint({ fileName: "other.txt" }));
    const { page } = await open("developers/refusals");
    await page.getByRole("textbox", { name: /request ID/ }).focus();
    await page.keyboard.type("payload_mis");
    await page.getByRole("listitem").filter({ hasText: "PAYLOAD_MISMATCH" }).first().waitFor();
    const check = page.getByRole("link", { name: "Check token" }).first();
    while (!(await check.evaluate((link) => link === document.activeElement))) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Token", exact: true }).waitFor();
  });

  test("is not offered to a key that may only read", async () => {
    const pair = await createKey(server.dataDir, "demo", "read");
    const { page } = await open("developers/refusals", {});
    await page.getByRole("listitem").first().waitFor();
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("textbox", { name: "Public key" }).fill(pair.publicKey);
    await page.getByLabel("Private key", { exact: true }).fill(pair.privateKey);
    await page.keyboard.press("Enter");
    await page.getByText("You don't have permission to do this.").waitFor();
    expect(await page.getByRole("link", { name: "Developers" }).count()).toBe(0);
  });
});

describe("the token workbench", () => {
  test("shows each rule and each parameter that differs, of a curl command, by keyboard", async () => {
    const token = mint({ fileName: "a.jpg", folder: "/x" });
    const { page, problems } = await open("developers/tokens");
    await page.getByRole("textbox", { name: "Form" }).focus();
    await page.keyboard.insertText(
      `curl 'http://x/api/v2/files/upload' --form-string 'token=${token}' -F fileName=a.jpg -F folder=/x/ -F file=@a.jpg`,
    );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("This upload would be refused: 400 PAYLOAD_MISMATCH").waitFor();
    const rule = page.getByRole("listitem").filter({ hasText: "Form matches the token" });
    expect(await rule.getByRole("img").getAttribute("aria-label")).toBe("Failed");
    expect(await rule.textContent()).toContain("differs in its leading and trailing slashes alone");
    const row = page.getByRole("row").filter({ hasText: "folder" });
    expect(await row.getByRole("cell").allTextContents()).toEqual(["folder", "/x", "/x/", "Different"]);
    const other = mint({ fileName: "b.jpg" });
    await page.getByRole("textbox", { name: "Form" }).fill(`curl 'http://x' -F token=${other} -F fileName=b.jpg`);
    expect(await page.getByText("This upload would be refused").count()).toBe(0);
    await page.getByRole("button", { name: "Check", exact: true }).press("Enter");
    await page.getByText("This upload would be accepted").waitFor();
    expect(await page.getByRole("textbox", { name: "Token", exact: true }).inputValue()).toBe(other);
    expect(problems).toEqual([]);
  });

  test("builds a token by a policy, checks it, and gives the backend's code, with the mouse", async () => {
    const { page } = await open("developers/tokens");
    await page.getByRole("textbox", { name: "File types" }).fill("nonsense");
    await page.getByText("Use file types like image/png").waitFor();
    await page.getByRole("textbox", { name: "File types" }).fill("image/*, application/pdf");
    await page.getByRole("switch", { name: "Private files" }).click();
    for (const [framework, part] of [
      ["jsonwebtoken", "jwt.sign(parameters"],
      ["Hono", 'app.all("/upload-token", (context) => uploadToken(context.req.raw))'],
    ] as const) {
      await page.getByText(framework, { exact: true }).click();
      const code = page.getByRole("region", { name: `Code for ${framework}` });
      await expect.poll(() => code.textContent()).toContain(part);
      expect(await code.textContent()).toContain("public_");
    }
    await page.getByRole("button", { name: "Create test token" }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Check");
    await page.keyboard.press("Enter");
    await page.getByText("This upload would be accepted").waitFor();
    const token = await page.getByRole("textbox", { name: "Token", exact: true }).inputValue();
    const form = await page.getByRole("textbox", { name: "Form" }).inputValue();
    const fields = Object.fromEntries(form.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2)));
    expect(fields).toMatchObject({ folder: "/users/1/", isPrivateFile: "true" });
    const stored = await uploadWithToken(server.url, await jpeg(8, 8), fields, token);
    expect([stored.status, stored.body.filePath]).toEqual([200, expect.stringMatching(/^\/users\/1\/photo_/)]);
  });
});

test("usage is drawn, read as a table by keyboard, and saved as CSV", async () => {
  const { page, problems } = await open("settings/usage");
  await page.getByRole("img", { name: "Uploads: " }).waitFor();
  await page.getByRole("img", { name: /^Image cache: \d+% hits$/ }).waitFor();
  await page.getByRole("button", { name: "Show table" }).focus();
  await page.keyboard.press("Enter");
  const today = new Date().toISOString().slice(0, 10);
  const cells = page.getByRole("row").filter({ hasText: today }).getByRole("cell");
  await expect.poll(async () => Number((await cells.allTextContents())[1])).toBeGreaterThan(0);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^usage-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await saved.path(), "utf8")).trim().split("\r\n");
  expect([lines.length, lines.at(-1)?.startsWith(today)]).toEqual([31, true]);
  expect(problems).toEqual([]);
});

test.each(views)(
  "%s is without fault for assistive technology, and fits a small screen, in both schemes",
  async (view) => {
    const { page } = await open(view, { viewport: { width: 360, height: 740 }, colorScheme: "light" });
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
    expect(await faultsOf(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(settle);
    expect(await faultsOf(page)).toEqual([]);
    const table = page.getByRole("button", { name: "Show table" });
    if ((await table.count()) > 0) await table.click();
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    const sideways = await page.evaluate(() => {
      const scrollers = [...document.querySelectorAll("#view, #view > div")];
      return scrollers.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    });
    expect(Math.max(...sideways)).toBeLessThanOrEqual(0);
  },
);
