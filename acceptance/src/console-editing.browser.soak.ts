import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { faultsOnScreens, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function openSettings(part: string): Promise<Page> {
  const page = await openOnSmallScreen(browser, server.url);
  await page.goto(`${server.url}/console/settings/${part}`);
  return page;
}

interface Named {
  readonly name: string | null;
  readonly publicKey: string;
  readonly expiresAt: string | null;
}

const list = async (path: string) => (await call(server.url, "GET", path)).body;

describe("the settings", () => {
  test("change a field of custom metadata: its label, its description, its options and bounds", async () => {
    const schema = { type: "SingleSelect", selectOptions: ["Acme", 5] };
    for (const body of [
      { name: "brand", label: "Brand", schema },
      { name: "price", label: "Price", schema: { type: "Number", minValue: 1, maxValue: 9 } },
      // A line of text can't hold these options.
      { name: "size", label: "Size", schema: { type: "SingleSelect", selectOptions: ["wide ", "two\nlines"] } },
    ]) {
      await call(server.url, "POST", "/v1/customMetadataFields", { body });
    }
    const page = await openSettings("fields");
    const dialog = page.getByRole("dialog", { name: "Edit field" });
    await page.getByRole("button", { name: "Edit: Brand" }).click();
    expect(await dialog.getByRole("textbox", { name: "Name" }).isDisabled()).toBe(true);
    expect(await dialog.getByRole("combobox", { name: "Type" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox", { name: "Label" }).fill("Maker");
    await dialog.getByRole("textbox", { name: "Description" }).fill("Who makes it");
    await dialog.getByRole("textbox", { name: "Options" }).fill("Acme\n5\nZenith");
    expect(await faultsOnScreens(page, dialog)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("brand · Who makes it · Acme, 5, Zenith").waitFor();

    await page.getByRole("button", { name: "Edit: Price" }).press("Enter");
    await dialog.getByRole("spinbutton", { name: "Minimum" }).fill("");
    await dialog.getByRole("spinbutton", { name: "Maximum" }).fill("20");
    await page.keyboard.press("Enter");
    await page.getByText("price · max. 20").waitFor();
    await page.getByRole("button", { name: "Edit: Size" }).click();
    await dialog.getByRole("textbox", { name: "Label" }).fill("Width");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Edit: Width" }).waitFor();
    const fields = await list("/v1/customMetadataFields");
    expect(fields.map(({ id, ...field }: { id: string }) => field)).toEqual(
      expect.arrayContaining([
        {
          name: "brand",
          label: "Maker",
          description: "Who makes it",
          schema: { type: "SingleSelect", selectOptions: ["Acme", 5, "Zenith"] },
        },
        { name: "price", label: "Price", schema: { type: "Number", maxValue: 20 } },
        { name: "size", label: "Width", schema: { type: "SingleSelect", selectOptions: ["wide ", "two\nlines"] } },
      ]),
    );
  });

  test("change a named transformation, and say why one is refused", async () => {
    const body = { name: "card", transformation: "w-100" };
    await call(server.url, "POST", "/v1/named-transformations", { body });
    const page = await openSettings("named");
    await page.getByRole("button", { name: "Edit: card" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit named transformation" });
    const text = dialog.getByRole("textbox", { name: "Transformation" });
    expect(await text.inputValue()).toBe("w-100");
    expect(await faultsOnScreens(page, dialog)).toEqual([]);
    await dialog.getByRole("textbox", { name: "Name" }).fill("c a r d");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.locator("[aria-invalid=true]").waitFor();
    await dialog.getByRole("textbox", { name: "Name" }).fill("card");
    await text.fill("w-200,h-100");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText("w-200,h-100").waitFor();
    expect(await list("/v1/named-transformations")).toContainEqual(
      expect.objectContaining({ name: "card", transformation: "w-200,h-100" }),
    );
  });

  test("name the browser of each session", async () => {
    const headers = {
      origin: new URL(server.url).origin,
      "sec-fetch-site": "same-origin",
      "x-sluice-console": "1",
      "user-agent":
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    };
    await call(server.url, "POST", "/_sluice/console/session", { body: keys, authorization: null, headers });
    const page = await openSettings("sessions");
    const end = page.getByRole("button", { name: "Sign out: Chrome on Linux" });
    await end.waitFor();
    expect(await faultsOnScreens(page, end)).toEqual([]);
    expect(await page.getByText("Mozilla").count()).toBe(0);
  });

  test("give a key pair a name, which its successor keeps", async () => {
    const page = await openSettings("keys");
    await page.getByRole("button", { name: "New key pair" }).click();
    const dialog = page.getByRole("dialog", { name: "New key pair" });
    const name = dialog.getByRole("textbox", { name: "Name" });
    await name.waitFor();
    expect(await faultsOnScreens(page, dialog)).toEqual([]);
    await name.fill("Shop backend");
    await dialog.getByRole("button", { name: "Create" }).click();
    const done = page.getByRole("button", { name: "Done" });
    await done.click();
    await page.getByText("Shop backend", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Replace Shop backend" }).click();
    await page.getByRole("menuitem", { name: "1 hour" }).click();
    await done.click();
    // Two pairs have the name now. What is revoked is told by the public key.
    const [older, newer] = await list("/_sluice/keys").then((pairs) =>
      pairs
        .filter((pair: Named) => pair.name === "Shop backend")
        .toSorted((a: Named, b: Named) => Number(a.expiresAt === null) - Number(b.expiresAt === null)),
    );
    expect([older.expiresAt === null, newer.expiresAt]).toEqual([false, null]);
    await page.getByRole("button", { name: `Revoke Shop backend (${older.publicKey})` }).click();
    const question = page.getByRole("dialog", { name: "Revoke this key pair now?" });
    await question.getByText(`Shop backend (${older.publicKey})`).waitFor();
    await question.getByRole("button", { name: "Revoke" }).click();
    await page.getByText(older.publicKey).waitFor({ state: "detached" });
    await page.getByText("Shop backend", { exact: true }).waitFor();
    const named = (await list("/_sluice/keys")).filter((pair: Named) => pair.name === "Shop backend");
    expect(named).toEqual([expect.objectContaining({ role: "upload", publicKey: newer.publicKey })]);
  });
});
