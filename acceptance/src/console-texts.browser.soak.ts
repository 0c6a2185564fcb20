import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launchBrowser, overhang } from "./harness/browser.ts";
import { signInToConsole } from "./harness/console.ts";
import { settle } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { jpeg, pdf } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { speakStrangely, strange, textFaults } from "./harness/strange-texts.ts";
import { uploadBasic } from "./harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

/** A PDF of one page. */
const paper = pdf([60, 40]);

let server: RunningServer;
let receiver: WebhookReceiver;
let browser: Browser;
let fileId: string;
let paperId: string;
let attemptId: string;
let cookie: { readonly name: string; readonly value: string };
beforeAll(async () => {
  receiver = await startWebhookReceiver((_webhook, response) => response.end("0"));
  server = await startServer({ flags: ["--trash-days", "7", "--allow-private-networks"] });
  browser = await launchBrowser();
  await call(server.url, "POST", "/_sluice/webhooks", { body: { url: `${receiver.url}/0`, events: null } });
  const schema = { type: "SingleSelect", selectOptions: ["1", "2"] };
  await call(server.url, "POST", "/v1/customMetadataFields", { body: { name: "n1", label: "№ 1", schema } });
  await call(server.url, "POST", "/v1/named-transformations", { body: { name: "n1", transformation: "w-40" } });
  await call(server.url, "POST", "/_sluice/keys", { body: { role: "upload" } });
  const picture = await jpeg(60, 40);
  const fields = { useUniqueFileName: "false", tags: "№1,№2" };
  for (let index = 0; index < 8; index++) {
    const folder = index < 6 ? "/" : "/77";
    await uploadBasic(server.url, picture, { ...fields, fileName: `${index}.jpg`, folder });
  }
  await uploadBasic(server.url, picture, { ...fields, fileName: "0.jpg" });
  await uploadBasic(server.url, "# 1", { ...fields, fileName: "9.md" });
  await uploadBasic(server.url, picture, { ...fields, fileName: "8.jpg", isPrivateFile: "true", isPublished: "false" });
  paperId = (await uploadBasic(server.url, paper, { ...fields, fileName: "10.pdf", folder: "/77" })).body.fileId;
  const { body } = await call(server.url, "GET", "/v1/files?type=file");
  const idOf = (name: string) => body.find((file: { readonly name: string }) => file.name === name)?.fileId;
  fileId = idOf("0.jpg");
  await call(server.url, "DELETE", `/v1/files/${idOf("5.jpg")}`);
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(0), 10_000);
  await vi.waitFor(async () => {
    attemptId = (await call(server.url, "GET", "/_sluice/webhook-attempts")).body.attempts[0].id;
  }, 10_000);
  const signedIn = await signInToConsole(server.url);
  const [name = "", value = ""] = String(signedIn.headers.cookie).split("=");
  cookie = { name, value };
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await receiver?.close();
});

const press = (name: string) => (page: Page) =>
  page
    .getByRole("button", { name: strange(name) })
    .first()
    .click();

/** Selects two files, and presses a button of the bar. */
const selectAnd = (name?: string) => async (page: Page) => {
  for (const index of [3, 4]) await page.getByRole("gridcell").nth(index).getByRole("checkbox").check({ force: true });
  const bar = page.getByRole("toolbar");
  await bar.waitFor();
  if (name === undefined) return;
  const button = bar.getByRole("button", { name: strange(name) });
  if (await button.isVisible()) await button.click();
  else {
    await bar.getByRole("button", { name: strange("More") }).click();
    await page.getByRole("menuitem", { name: strange(name) }).click();
  }
};

interface Act {
  /** The role of what it opens. It comes some frames after the act, or later where its code is loaded first. */
  readonly opens?: "dialog" | "menu" | "listbox" | "toolbar";
  run(page: Page): Promise<unknown>;
}

interface View {
  readonly path: string;
  /** Menus, dialogs and forms that are opened in it, one after another. */
  readonly acts?: Readonly<Record<string, Act>>;
}

/** Every view of the console, with the dialogs and forms that open in it. */
function viewsOf(): readonly View[] {
  const settings = ["usage", "keys", "sessions", "fields", "named", "delivery", "endpoints", "origins", "extensions"];
  const makes: Readonly<Record<string, string>> = {
    keys: "New key pair",
    fields: "New field",
    named: "New named transformation",
    endpoints: "New URL endpoint",
    origins: "New origin",
    extensions: "New saved extension",
  };
  const opensDialog = (name: string): Act => ({ opens: "dialog", run: press(name) });
  return [
    {
      path: "library/",
      acts: {
        account: { opens: "menu", run: press("Account") },
        selected: { opens: "toolbar", run: selectAnd() },
        moving: { opens: "dialog", run: selectAnd("Move") },
        tagging: { opens: "dialog", run: selectAnd("Tags") },
        "new folder": opensDialog("New folder"),
        filters: { opens: "toolbar", run: press("Filters") },
        suggestions: {
          opens: "listbox",
          run: async (page) => {
            await page.getByRole("combobox").first().focus();
            await page.keyboard.press("ArrowDown");
          },
        },
        keys: {
          opens: "dialog",
          run: async (page) => {
            await page.getByRole("gridcell").first().focus();
            await page.keyboard.press("Shift+?");
          },
        },
      },
    },
    { path: "library/?view=list" },
    { path: "library/404" },
    { path: "library/?q=404404" },
    { path: "library/?q=size%20%3E%3E%205" },
    { path: `library/?similar=${fileId}` },
    {
      path: `library/?file=${fileId}`,
      acts: {
        drawing: opensDialog("Draw"),
        comparing: { opens: "dialog", run: (page) => page.getByRole("button", { name: /^\[C.mp.r.~+\]/ }).click() },
        renaming: {
          opens: "dialog",
          run: async (page) => {
            await page
              .getByRole("complementary")
              .getByRole("button", { name: strange("More") })
              .click();
            await page.getByRole("menuitem", { name: strange("Rename") }).click();
          },
        },
      },
    },
    { path: `library/?file=${paperId}` },
    { path: "trash" },
    ...settings.map((part) => ({
      path: `settings/${part}`,
      acts: makes[part] === undefined ? {} : { form: opensDialog(makes[part]) },
    })),
    { path: "developers/refusals" },
    { path: "developers/tokens" },
    {
      path: `playground?file=${fileId}&tr=w-30`,
      acts: {
        controls: { run: press("More controls") },
        choosing: opensDialog("Choose image or video"),
        saving: opensDialog("Save as named transformation"),
      },
    },
    { path: `playground?file=${fileId}&tr=w-30,zz-9` },
    { path: `playground?file=${fileId}&tr=w-30,l-text,i-7,l-end,l-image,i-7.jpg,l-end:if-w_gt_5,w-5,if-end` },
    { path: "playground" },
    { path: "webhooks", acts: { form: opensDialog("New endpoint") } },
    { path: `webhooks?attempt=${attemptId}` },
    { path: "jobs" },
    { path: "jobs?state=waiting" },
    { path: "health" },
    { path: "no-such-page" },
  ];
}

/** Names of the library, of the server, of standards and of code. They are the same in every language. */
const own = new RegExp(
  [
    String.raw`\S+\.(?:jpg|md|pdf)`,
    String.raw`https?:\S+`,
    String.raw`\b(?:public|private|whsec|ik|n)[-_]\S+`,
    String.raw`[a-z]+/[\w.+-]+`,
    String.raw`\b(?:file|version|sluice)[\w-]*\.[\w.]+`,
    String.raw`\b[a-z]+(?:-[a-z]+){1,5}\b`,
    String.raw`\b[\da-f]{8}\b(?:-[\da-f-]+\b)?|\b[a-z]+_[a-z_]+\b`,
    String.raw`\b[A-Z]+_[A-Z_]+\b`,
    String.raw`\b[a-z]+[A-Z]\w+\b`,
    String.raw`\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b`,
    String.raw`\b(?:sRGB|URL|HTML|React|Markdown|curl|demo|Express|Hono|Fastify|jsonwebtoken|Sluice|tags|description|node)\b`,
    String.raw`\b(?:name|size|format|width|height|duration|path|private|published|transparency)\b`,
    String.raw`Next\.js|Version \d|Default URL-endpoint|(?:EINVALID|ENOENT).*|Unsupported transf.*|Your request.*|At position.*`,
    String.raw`FFmpeg \d[\w.+-]*`,
    "w-400,h-300,fo-auto|w-30,zz-9",
  ].join("|"),
);

test("every text comes from the texts, and longer words fit at 360 and at 1280 pixels", {
  timeout: 240_000,
}, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await speakStrangely(page);
  const faults = new Set<string>();
  const look = async (where: string) => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForFunction(() => document.querySelector("[aria-busy=true], [role=status][aria-label]") === null);
      await page.evaluate(settle);
      for (const fault of await textFaults(page, own)) faults.add(`${where} at ${width}: ${fault}`);
      if ((await overhang(page)) > 0) faults.add(`${where} at ${width}: wider than the screen`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  await page.goto(`${server.url}/console/`);
  await page.getByRole("heading", { name: strange("Sign in") }).waitFor();
  await look("door");
  await context.addCookies([{ ...cookie, url: server.url, httpOnly: true, sameSite: "Strict" }]);
  for (const { path, acts = [] } of viewsOf()) {
    await page.goto(`${server.url}/console/${path}`);
    await page.getByRole("heading").first().waitFor({ state: "attached" });
    await look(path);
    for (const [name, { run, opens }] of Object.entries(acts)) {
      try {
        await run(page);
        if (opens !== undefined) await page.getByRole(opens).filter({ visible: true }).first().waitFor();
      } catch (error) {
        faults.add(`${path}: ${name}: it did not open: ${(error as Error).message}`);
      }
      await look(`${path}: ${name}`);
      const opened = page
        .locator("[role=dialog][aria-modal=true], [role=menu], [role=listbox]")
        .filter({ visible: true });
      // The key closes suggestions first, and then their dialog.
      for (let open = await opened.count(); open > 0; open = await opened.count()) {
        await page.keyboard.press("Escape");
        await expect.poll(() => opened.count(), { timeout: 15_000 }).toBeLessThan(open);
      }
    }
  }
  // The message has the faults in full. A report of a whole run has nothing else of a failure.
  const found = [...faults].map(withoutIds).join("\n");
  expect(found, found).toBe("");
  await context.close();
});

function withoutIds(fault: string): string {
  return fault.replaceAll(fileId, "<file>").replaceAll(paperId, "<paper>").replaceAll(attemptId, "<attempt>");
}
