import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { launchBrowser, overhang } from "../../acceptance/src/harness/browser.ts";
import { openConsole } from "../../acceptance/src/harness/console-page.ts";
import { call } from "../../acceptance/src/harness/media-api.ts";
import { startServer } from "../../acceptance/src/harness/server.ts";
import { uploadBasic } from "../../acceptance/src/harness/upload.ts";
import { startWebhookReceiver } from "../../acceptance/src/harness/webhook-receiver.ts";
import { type Motif, photograph } from "./pictures.ts";

// node --conditions=sluice-source scripts/screenshots/console-views.ts <folder> [--only trash,list]
// Takes a picture of every view of the console, at several widths, light and dark, to be looked at.

const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
const [folder = "screenshots"] = positionals;
await mkdir(folder, { recursive: true });

const screens = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  wide: { viewport: { width: 2560, height: 1300 } },
} as const;
const motifs: readonly Motif[] = ["sunset", "dunes", "mountains", "citrus", "leaf", "city", "balloon"];

const receiver = await startWebhookReceiver((webhook, response) => {
  response.statusCode = webhook.path === "/hooks/shop" ? 200 : 503;
  response.setHeader("content-type", "text/html").end("<h1>Thank you</h1>\n<p>The order was found.</p>");
});
const server = await startServer({ flags: ["--trash-days", "7", "--allow-private-networks"] });
const browser = await launchBrowser({});
try {
  const fileId = await fill(server.url);
  const views = viewsOf(fileId, await fillWebhooks(server.url));
  for (const [screen, options] of Object.entries(screens)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await openConsole(browser, server.url, "", { ...options, colorScheme });
      for (const [view, { path, act }] of Object.entries(views)) {
        if (values.only !== undefined && !values.only.split(",").includes(view)) continue;
        await page.goto(`${server.url}/console/${path}`);
        await page.getByRole("heading").first().waitFor({ state: "attached" });
        await page.waitForLoadState("networkidle");
        // A scene that this width does not have is shown as it is.
        await act?.(page).catch(() => undefined);
        await page.mouse.move(0, 0);
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(folder, `${view}-${screen}-${colorScheme}.png`) });
        if ((await overhang(page)) > 0) process.stdout.write(`${view} is wider than ${screen}\n`);
        await page.keyboard.press("Escape");
      }
      await page.context().close();
    }
  }
  const door = await browser.newPage(screens.phone);
  await door.goto(`${server.url}/console/`);
  await door.getByRole("heading").waitFor();
  await door.screenshot({ path: join(folder, "door-phone-light.png") });
} finally {
  await browser.close();
  await server.stop();
  await receiver.close();
}

/** Adds endpoints, and has events sent to them. @returns the id of an attempt */
async function fillWebhooks(url: string): Promise<string> {
  const paths = { "/hooks/shop": null, "/hooks/archive-of-everything-that-happens": ["file.created", "file.deleted"] };
  for (const [path, events] of Object.entries(paths)) {
    await call(url, "POST", "/_sluice/webhooks", { body: { url: receiver.url + path, events } });
  }
  for (const name of ["one", "two", "three"])
    await uploadBasic(url, name, { fileName: `${name}.txt`, folder: "/notes" });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { body } = await call(url, "GET", "/_sluice/webhook-attempts");
  return String(body.attempts.find(({ status }: { readonly status: number }) => status === 200)?.id);
}

/** Fills the library. @returns the id of a picture */
async function fill(url: string): Promise<string> {
  const fields = { useUniqueFileName: "false", tags: "summer,sky,printed-catalogue" };
  const names = ["evening-at-the-pier", "dunes-of-erg-chebbi-seen-from-the-north-side-in-march", "first-snow"];
  for (const [index, motif] of [...motifs, ...motifs, ...motifs].entries()) {
    const bytes = await sharp(await photograph(motif))
      .modulate({ hue: Math.floor(index / motifs.length) * 50 })
      .resize(index % 3 === 1 ? 1200 : 1600, index % 3 === 1 ? 1600 : 1200)
      .jpeg()
      .toBuffer();
    const fileName = `${names[index] ?? `${motif}-${index + 1}`}.jpg`;
    await uploadBasic(url, bytes, { ...fields, fileName });
  }
  await uploadBasic(url, "# Notes", { fileName: "notes.md", useUniqueFileName: "false" });
  await uploadBasic(url, await photograph("city"), { fileName: "private.jpg", isPrivateFile: "true" });
  for (const name of ["campaigns", "people", "products", "places-with-a-long-name-of-a-folder"]) {
    await uploadBasic(url, await photograph("balloon"), { fileName: "balloon.jpg", folder: `/${name}/2026` });
  }
  const schema = { type: "SingleSelect", selectOptions: ["Alpine", "Bergwerk", "Cordis"] };
  await call(url, "POST", "/v1/customMetadataFields", { body: { name: "client", label: "Client", schema } });
  await call(url, "POST", "/v1/named-transformations", { body: { name: "card", transformation: "w-400,h-300" } });
  await call(url, "POST", "/_sluice/keys", { body: { role: "upload" } });
  const { body } = await call(url, "GET", "/v1/files?type=file&limit=100");
  const file = body.find(({ name }: { name: string }) => name.startsWith("evening"));
  const old = body.filter(({ name }: { name: string }) => /^citrus/.test(name));
  for (const { fileId } of old) await call(url, "DELETE", `/v1/files/${fileId}`);
  return String(file.fileId);
}

interface View {
  readonly path: string;
  readonly act?: (page: Page) => Promise<unknown>;
}

function viewsOf(fileId: string, attemptId: string): Readonly<Record<string, View>> {
  const select = async (page: Page) => {
    for (const index of [5, 6])
      await page.getByRole("gridcell").nth(index).getByRole("checkbox").check({ force: true });
  };
  return {
    library: { path: "library/" },
    list: { path: "library/?view=list" },
    empty: { path: "library/nothing" },
    search: { path: "library/?q=summer" },
    "nothing-found": { path: "library/?q=nothing-like-it" },
    mistake: { path: "library/?q=size%20%3E%3E%205" },
    details: { path: `library/?file=${fileId}` },
    selection: { path: "library/", act: select },
    move: {
      path: "library/",
      act: async (page) => {
        await select(page);
        await page.getByRole("toolbar").getByRole("button", { name: "Move" }).click();
        await page.getByRole("dialog").waitFor();
      },
    },
    menu: {
      path: "library/",
      act: (page) => page.getByRole("button", { name: "Menu" }).click({ timeout: 500 }),
    },
    account: { path: "library/", act: (page) => page.getByRole("button", { name: "Account" }).click() },
    uploading: {
      path: "library/campaigns",
      act: async (page) => {
        const files = Array.from({ length: 9 }, (_, index) => ({
          name: `harbour-${index}.txt`,
          mimeType: "text/plain",
          buffer: Buffer.alloc(20_000, index),
        }));
        await page.locator("input[type=file][multiple]").first().setInputFiles(files);
        await page.waitForTimeout(400);
      },
    },
    keys: { path: "library/", act: (page) => page.keyboard.press("Shift+?") },
    trash: { path: "trash" },
    "settings-usage": { path: "settings/usage" },
    "settings-keys": { path: "settings/keys" },
    "settings-sessions": { path: "settings/sessions" },
    "settings-fields": { path: "settings/fields" },
    "settings-named": { path: "settings/named" },
    "settings-delivery": { path: "settings/delivery" },
    "settings-endpoints": { path: "settings/endpoints" },
    "settings-origins": { path: "settings/origins" },
    "settings-extensions": { path: "settings/extensions" },
    "developers-refusals": { path: "developers/refusals" },
    "developers-tokens": { path: "developers/tokens" },
    playground: { path: `playground?file=${fileId}&tr=w-640` },
    "playground-layers": {
      path: `playground?file=${fileId}&tr=${encodeURIComponent(
        "w-900,l-text,i-Evening%20at%20the%20pier,fs-60,co-FFFFFF,tg-b,lfo-bottom,l-end,l-image,i-first-snow.jpg,w-200,lx-20,ly-20,r-20,l-end:q-70",
      )}`,
    },
    "playground-refused": { path: `playground?file=${fileId}&tr=w-640,zz-9` },
    webhooks: { path: "webhooks" },
    "webhook-delivery": { path: `webhooks?attempt=${attemptId}` },
    "webhook-form": {
      path: "webhooks",
      act: async (page) => {
        await page.getByRole("button", { name: "New endpoint" }).click();
        await page.getByRole("switch", { name: "All events" }).click({ force: true });
      },
    },
    jobs: { path: "jobs?state=waiting" },
    "jobs-failed": { path: "jobs" },
    health: { path: "health" },
    nowhere: { path: "no-such-page" },
  };
}
