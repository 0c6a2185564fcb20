import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer({ flags: ["--max-file-size", "100000"] });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const widths = [360, 1280] as const;
const at = (width: number) => ({ viewport: { width, height: 800 } });
const text = (name: string, content = name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
const uploadsOf = (page: Page) => page.getByRole("region", { name: "Files", exact: true });

async function choose(page: Page, files: readonly ReturnType<typeof text>[]): Promise<void> {
  await page
    .locator("input[type=file][multiple]")
    .first()
    .setInputFiles([...files]);
}

async function pathsIn(folder: string): Promise<string[]> {
  const { body } = await call(server.url, "GET", `/v1/files?type=file&path=${folder}`);
  return body.map((file: { readonly filePath: string }) => file.filePath).sort();
}

describe("uploads that fail", () => {
  test.each(widths)("come first, in whole sentences, and successes are counted, at %i pixels", async (width) => {
    const folder = `/failures-${width}`;
    await uploadBasic(server.url, "first", { fileName: "taken.txt", folder, useUniqueFileName: "false" });
    const { page } = await openConsole(browser, server.url, `library${folder}`, at(width));
    const files = Array.from({ length: 40 }, (_, index) => text(`note-${index}.txt`));
    const failing = [text("taken.txt"), text("large.txt", "x".repeat(100_001)), text(`${"long".repeat(63)}.txt`)];
    await choose(page, [...files, ...failing, text("none.txt", "")]);
    await page.getByText("4 of 44 files not uploaded").waitFor();
    const rows = uploadsOf(page).getByRole("listitem");
    const shown = await rows.allInnerTexts();
    expect(shown.slice(0, 4).map((row) => row.split("\n")[1])).toEqual([
      "This name is taken.",
      "This file is too large. The limit is 100 kB.",
      "This name is too long or not allowed.",
      "This file is empty.",
    ]);
    expect(shown).toHaveLength(5);
    const cut = await rows.evaluateAll((all) =>
      all.filter((row) =>
        [...row.querySelectorAll("span")].slice(1).some((span) => span.scrollWidth > span.clientWidth),
      ),
    );
    expect(cut).toEqual([]);
    // None of these refusals passes.
    expect(await uploadsOf(page).getByRole("button", { name: "Try again" }).count()).toBe(0);
    const done = uploadsOf(page).getByRole("button", { name: "40 files uploaded" });
    await done.press("Enter");
    await uploadsOf(page).getByText("note-0.txt").waitFor();
    await uploadsOf(page).getByRole("button", { name: "Remove none.txt from the list" }).click();
    await page.getByText("3 of 43 files not uploaded").waitFor();
  });

  test("offer another attempt where it can help", async () => {
    const { page } = await openConsole(browser, server.url, "library/passing");
    const tokens = "**/_sluice/console/upload-tokens";
    const locked = { message: "A bulk job is running.", help: "Ask for it.", reason: "FOLDER_LOCKED" };
    await page.route(tokens, (route) => route.fulfill({ status: 423, json: locked }));
    await choose(page, [text("one.txt"), text("two.txt")]);
    await expect
      .poll(() => page.getByText("This folder is being moved, copied or renamed. Try again in a moment.").count())
      .toBe(2);
    await page.unroute(tokens);
    await uploadsOf(page).getByRole("button", { name: "Try again" }).first().click();
    await page.getByText("1 of 2 files not uploaded").waitFor();
    await uploadsOf(page).getByRole("button", { name: "Try again" }).press("Enter");
    await page.getByText("2 files uploaded").waitFor();
    expect(await pathsIn("/passing")).toEqual(["/passing/one.txt", "/passing/two.txt"]);
  });
});

describe("uploads whose names are spelled otherwise in the library", () => {
  test("say under which name they are stored", async () => {
    const { page } = await openConsole(browser, server.url, "library/spelled");
    await choose(page, [text("price list.txt"), text("plain.txt")]);
    await page.getByText("2 files uploaded").waitFor();
    expect((await uploadsOf(page).getByRole("listitem").allInnerTexts())[0]).toContain("Saved as price_list.txt");
    expect(await uploadsOf(page).getByText("Saved as").count()).toBe(1);
    await choose(page, [text("empty.txt", "")]);
    await uploadsOf(page).getByText("2 files uploaded · 1 saved under another name").waitFor();
    expect(await pathsIn("/spelled")).toEqual(["/spelled/plain.txt", "/spelled/price_list.txt"]);
  });

  test("stay private as new versions of a private file", async () => {
    const fields = { fileName: "price list.txt", folder: "/kept", useUniqueFileName: "false", isPrivateFile: "true" };
    const { body } = await uploadBasic(server.url, "first", fields);
    const { page } = await openConsole(browser, server.url, "library/kept");
    await choose(page, [text("price list.txt", "second")]);
    await uploadsOf(page).getByRole("button", { name: "Add as new version" }).click();
    await page.getByText("1 file uploaded").waitFor();
    const details = await call(server.url, "GET", `/v1/files/${body.fileId}/details`);
    expect(details.body).toMatchObject({ isPrivateFile: true, size: "second".length });
  });
});

test("the list of uploads fits both screens, without a fault that axe finds", async () => {
  const page = await openOnSmallScreen(browser, server.url);
  await page.goto(`${server.url}/console/library/shown`);
  await choose(page, [text("a file.txt"), text("empty.txt", ""), text("large.txt", "x".repeat(100_001))]);
  await page.getByText("2 of 3 files not uploaded").waitFor();
  const faults = await faultsOnScreens(page, uploadsOf(page));
  expect(faults).toEqual([]);
});
