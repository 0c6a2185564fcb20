import { readFile } from "node:fs/promises";
import { Uint8ArrayReader, ZipReader } from "@zip.js/zip.js";
import type { Browser, Download, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { onCluster } from "./harness/engines.ts";
import { call } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  const secret = ["--extension-secret", "whsec_0123456789abcdefghijkl"];
  // A server on SQLite makes a key for the secrets of origins.
  const key = onCluster ? ["--secrets-key", "a1".repeat(32)] : [];
  server = await startServer({ flags: ["--extension", "find-dogs=https://dogs.example.com/", ...secret, ...key] });
  browser = await launchBrowser();
  const picture = await jpeg(60, 40);
  for (const [fileName, folder, isPrivateFile] of [
    ["one.jpg", "/", "false"],
    ["two.jpg", "/", "true"],
    ["three.jpg", "/trip/day_1", "false"],
  ] as const) {
    await uploadBasic(server.url, picture, { fileName, folder, isPrivateFile, useUniqueFileName: "false" });
  }
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

let page: Page;
beforeEach(async () => {
  ({ page } = await openConsole(browser, server.url, "", { acceptDownloads: true }));
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const go = (view: string) => page.goto(`${server.url}/console/${view}`);
const button = (name: string) => page.getByRole("button", { name, exact: true });
/** The mark of a field that has to be filled in is a part of its name. */
const field = (name: string) => page.getByRole("textbox", { name: new RegExp(`^${name}( \\*)?$`) });
const dialog = () => page.getByRole("dialog");
const hasFocus = (place: Locator) => place.evaluate((element) => element === document.activeElement);
const row = (text: string) => page.getByRole("listitem").filter({ hasText: text });

describe("a download as ZIP", () => {
  async function filesIn(download: Download): Promise<string[]> {
    const archive = await readFile(await download.path());
    const reader = new ZipReader(new Uint8ArrayReader(Uint8Array.from(archive)), { useWebWorkers: false });
    return (await reader.getEntries()).map(({ filename }) => filename).toSorted();
  }

  test("has what is selected, folders and private files included, and works by mouse", async () => {
    for (const name of ["one.jpg", "two.jpg", "trip"]) await cellOf(page, name).click({ modifiers: ["Control"] });
    const [download] = await Promise.all([page.waitForEvent("download"), button("Download").click()]);
    expect(download.suggestedFilename()).toBe("demo.zip");
    expect(await filesIn(download)).toEqual(["one.jpg", "trip/day_1/three.jpg", "two.jpg"]);
    await page.getByText("Downloading 3 files as demo.zip").waitFor();
  });

  test("has the folder that is shown, and works by keyboard", async () => {
    await go("library/trip");
    await button("Download trip as ZIP").focus();
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect(download.suggestedFilename()).toBe("trip.zip");
    expect(await filesIn(download)).toEqual(["trip/day_1/three.jpg"]);
  });

  test("is refused in words where there is nothing to download", async () => {
    await call(server.url, "POST", "/v1/folder", { body: { folderName: "empty", parentFolderPath: "/" } });
    await go("library/empty");
    await button("Download empty as ZIP").click();
    await page.getByText("There is no file to download.").waitFor();
  });
});

describe("the settings", () => {
  test("make, change and delete a saved extension, and say at the field what is wrong", async () => {
    await go("settings/extensions");
    await button("New saved extension").click();
    await field("Name").fill("Dogs");
    await field("Description").fill("Finds dogs");
    await page.getByRole("combobox", { name: "Extension" }).selectOption("find-dogs");
    await field("Options").fill("[1]");
    await page.keyboard.press("Tab");
    await button("Create").click();
    await page.getByText('Enter a JSON object, for example { "maxTags": 5 }.').waitFor();
    expect(await field("Options").getAttribute("aria-invalid")).toBe("true");
    await field("Options").fill('{"options": {"breed": "any"}}');
    await field("Name").fill("x".repeat(251));
    await button("Create").click();
    await page.getByText("It must be a string of 1 to 250 characters, and not blank.").waitFor();
    await expect.poll(() => hasFocus(field("Name"))).toBe(true);
    await field("Name").fill("Dogs");
    await page.keyboard.press("Enter");
    await row("Finds dogs").waitFor();
    await button("Edit: Dogs").click();
    expect(JSON.parse(await field("Options").inputValue())).toEqual({ options: { breed: "any" } });
    await field("Description").fill("Finds all dogs");
    await button("Save").click();
    await row("Finds all dogs").waitFor();
    const { body } = await call(server.url, "GET", "/v1/saved-extensions");
    expect(body).toMatchObject([
      { name: "Dogs", description: "Finds all dogs", config: { name: "find-dogs", options: { breed: "any" } } },
    ]);
    await button("Delete: Dogs").click();
    await dialog().getByRole("button", { name: "Delete" }).click();
    await page.getByText("No saved extensions yet").waitFor();
  });

  test("add origins of two kinds, whose secrets are never shown, and endpoints that use them in an order", async () => {
    await go("settings/origins");
    await button("New origin").click();
    await field("Name").fill("Old site");
    await field("Base URL").first().fill("https://www.example.com/images");
    await button("Create").click();
    await row("Old site").waitFor();

    await button("New origin").click();
    await field("Name").fill("Bucket");
    await page.getByRole("combobox", { name: "Type" }).selectOption("S3_COMPATIBLE");
    await field("Service URL").fill("http://127.0.0.1:9000");
    await field("Bucket").fill("pictures");
    await page.getByLabel("Access key").fill("access");
    await page.getByLabel("Secret key").fill("top secret");
    await button("Create").click();
    await page.getByText("Leads to an address that is not public.").waitFor();
    await field("Service URL").fill("https://s3.example.com");
    await page.keyboard.press("Enter");
    await row("Bucket").waitFor();
    await button("Edit: Bucket").click();
    await page.getByText("Enter the secrets again.").waitFor();
    expect(await page.getByLabel("Secret key").inputValue()).toBe("");
    expect(await page.content()).not.toContain("top secret");
    await page.keyboard.press("Escape");
    await expect.poll(() => hasFocus(button("Edit: Bucket"))).toBe(true);

    await go("settings/endpoints");
    await button("New URL endpoint").click();
    await field("Prefix").fill("ik-shop");
    await field("Description").fill("The shop");
    await page.getByRole("checkbox", { name: "Bucket" }).check();
    await page.getByRole("checkbox", { name: "Old site" }).press("Space");
    await page.getByRole("checkbox", { name: "2. Old site" }).waitFor();
    await button("Move Old site up").press("Enter");
    await page.getByRole("checkbox", { name: "1. Old site" }).waitFor();
    await page.getByRole("combobox", { name: "URL format" }).selectOption("CLOUDINARY");
    await page.getByRole("switch", { name: "Keep image/upload in paths" }).press("Space");
    await button("Create").click();
    await page.getByText("Must have 1 to 100 letters, digits and hyphens, and must not begin with ik-.").waitFor();
    await field("Prefix").fill("shop");
    await page.keyboard.press("Enter");
    await row("library, then Old site, Bucket").waitFor();
    const origins = (await call(server.url, "GET", "/v1/accounts/origins")).body;
    const [, shop] = (await call(server.url, "GET", "/v1/accounts/url-endpoints")).body;
    const idOf = (name: string) => origins.find((origin: { name: string }) => origin.name === name).id;
    expect(shop).toMatchObject({
      urlPrefix: "shop",
      origins: [idOf("Old site"), idOf("Bucket")],
      urlRewriter: { type: "CLOUDINARY", preserveAssetDeliveryTypes: true },
    });
    await button("New URL endpoint").click();
    await field("Prefix").fill("shop");
    await field("Description").fill("Again");
    await button("Create").click();
    await page.getByText("A URL-endpoint with this urlPrefix already exists.").waitFor();
    await page.keyboard.press("Escape");
    await button("Delete: shop").click();
    await dialog().getByRole("button", { name: "Delete" }).click();
    await row("The shop").waitFor({ state: "detached" });
  });

  test("change how files are delivered, say what that means for visitors, and undo it", async () => {
    await go("settings/delivery");
    const picture = () => fetch(`${server.url}/demo/one.jpg`).then(({ status }) => status);
    const images = page.getByRole("combobox", { name: "Require signed URLs for images" });
    expect(await picture()).toBe(200);
    await images.selectOption("all");
    await page.getByText("Images need a signed URL.").waitFor();
    expect(await picture()).toBe(401);
    await button("Undo").click();
    await page.getByText("Anyone with an image's URL can see it.").waitFor();
    expect(await picture()).toBe(200);

    await page.getByRole("switch", { name: "Include AVIF" }).press("Space");
    await page.getByText("Browsers that support AVIF get it").waitFor();
    expect(await hasFocus(page.getByRole("switch", { name: "Include AVIF" }))).toBe(true);
    const referrers = field("Allowed sites");
    await referrers.fill("*.example.com\nno host");
    await referrers.locator("xpath=ancestor::form").getByRole("button", { name: "Save" }).click();
    await page.getByText("It takes an array: any, or up to 30 hosts").waitFor();
    await page.getByRole("spinbutton", { name: "Quality" }).fill("61");
    await page.keyboard.press("Enter");
    await page.getByText("Quality updated").waitFor();
    const { body } = await call(server.url, "GET", "/_sluice/delivery-switches");
    expect(body.switches).toMatchObject({ avif: true, quality: 61, referrers: [], restrictUnsignedImages: "off" });
    await call(server.url, "PATCH", "/_sluice/delivery-switches", { body: { avif: null, quality: null } });
  });
});

test("every view fits a small and a wide screen, dark and light, without a fault that axe finds", async () => {
  page = await openOnSmallScreen(browser, server.url);
  const forms = {
    extensions: "New saved extension",
    origins: "New origin",
    endpoints: "New URL endpoint",
    delivery: undefined,
  };
  const faults: string[] = [];
  const look = async (view: string, shown: Locator) => {
    const found = await faultsOnScreens(page, shown);
    faults.push(...found.map((fault) => `${view}: ${fault}`));
  };
  for (const [part, make] of Object.entries(forms)) {
    await go(`settings/${part}`);
    await page.waitForLoadState("networkidle");
    await look(part, page.getByRole("heading", { level: 1 }));
    if (make === undefined) continue;
    await button(make).click();
    await look(`${part}, its form`, dialog().getByRole("button", { name: "Create" }));
  }
  expect(faults).toEqual([]);
});
