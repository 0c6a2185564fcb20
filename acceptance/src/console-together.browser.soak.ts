import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, openConsole } from "./harness/console-page.ts";
import { dropEngines } from "./harness/engines.ts";
import { call } from "./harness/media-api.ts";
import { keys, type ServerProcess, startServerProcess } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

// Two people in one library, and a server and a session that end under their hands.

let server: ServerProcess;
let dataDir: string;
let browser: Browser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sluice-console-"));
  server = await startServerProcess({ dataDir, flags: ["--trash-days", "7"] });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await dropEngines(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

async function upload(folder: string, ...fileNames: string[]): Promise<string[]> {
  const ids = [];
  for (const fileName of fileNames) {
    const fields = { fileName, folder, useUniqueFileName: "false" };
    ids.push((await uploadBasic(server.url, fileName, fields)).body.fileId as string);
  }
  return ids;
}

const open = async (path: string): Promise<Page> => (await openConsole(browser, server.url, path)).page;
const details = (page: Page) => page.getByRole("complementary", { name: "Details" });
const stored = async (fileId: string) => (await call(server.url, "GET", `/v1/files/${fileId}/details`)).body;

/** Comes back to the page, as from another window. */
async function comeBack(page: Page): Promise<void> {
  await page.waitForTimeout(3100);
  await page.evaluate(() => dispatchEvent(new Event("focus")));
}

describe("two people in one library", () => {
  test("see each other's files, and lose nothing that one of them types", async () => {
    const [fileId = ""] = await upload("/shared", "plan.txt", "old.txt");
    const one = await open(`library/shared?file=${fileId}`);
    const other = await open(`library/shared?file=${fileId}`);
    const mine = details(one).getByRole("textbox", { name: "Description" });
    const theirs = details(other).getByRole("textbox", { name: "Description" });
    await mine.fill("what one has typed");
    await theirs.fill("what the other has typed");
    await details(other).getByRole("button", { name: "Save" }).click();
    await other.getByText("Saved").waitFor();
    await upload("/shared", "new.txt");

    // The other's text is not overwritten unseen.
    await details(one).getByRole("button", { name: "Save" }).click();
    await one.getByText("Current value: what the other has typed").waitFor();
    expect(await mine.inputValue()).toBe("what one has typed");
    expect(await stored(fileId)).toMatchObject({ description: "what the other has typed" });
    await details(one).getByRole("button", { name: "Keep my version" }).click();
    await one.getByText("Saved").waitFor();
    expect(await stored(fileId)).toMatchObject({ description: "what one has typed" });

    await comeBack(other);
    await expect.poll(() => theirs.inputValue()).toBe("what one has typed");
    await cellOf(other, "new.txt").waitFor();
  });

  test("change different tags of a file, and both changes hold", async () => {
    const [fileId = ""] = await upload("/tags", "tagged.txt");
    const pages = [await open(`library/tags?file=${fileId}`), await open(`library/tags?file=${fileId}`)];
    await Promise.all(
      pages.map(async (page, index) => {
        await details(page).getByRole("combobox", { name: "Add a tag" }).fill(`tag-${index}`);
        await page.keyboard.press("Enter");
        await details(page).getByText(`tag-${index}`, { exact: true }).waitFor();
      }),
    );
    expect((await stored(fileId)).tags.toSorted()).toEqual(["tag-0", "tag-1"]);
  });

  test("tag files of which the other has deleted one, and the rest is tagged", async () => {
    const [gone = "", stays = ""] = await upload("/rest", "gone.txt", "stays.txt");
    const page = await open("library/rest");
    for (const name of ["gone.txt", "stays.txt"]) {
      await cellOf(page, name).getByRole("checkbox").check({ force: true });
    }
    await call(server.url, "DELETE", `/v1/files/${gone}`);
    await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
    await page.getByRole("dialog").getByRole("combobox").fill("kept");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("gone.txt no longer exists").waitFor();
    expect((await stored(stays)).tags).toEqual(["kept"]);
  });

  test("delete, move and rename what the other has just taken away, and are told what was not there", async () => {
    const [gone = ""] = await upload("/away", "gone.txt", "stays.txt", "moved.txt");
    await upload("/place", "unrelated.txt");
    const page = await open("library/away");
    await cellOf(page, "gone.txt").waitFor();
    await call(server.url, "DELETE", `/v1/files/${gone}`);
    await call(server.url, "POST", "/v1/files/move", {
      body: { sourceFilePath: "/away/moved.txt", destinationPath: "/place" },
    });

    await cellOf(page, "moved.txt").focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: "New name" }).fill("renamed.txt");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Someone else may have moved, renamed or deleted it.").waitFor();
    await page.keyboard.press("Escape");

    for (const name of ["gone.txt", "stays.txt"]) {
      await cellOf(page, name).getByRole("checkbox").check({ force: true });
    }
    await page.keyboard.press("Delete");
    await expect.poll(() => cellOf(page, "stays.txt").count()).toBe(0);
    await expect.poll(() => cellOf(page, "gone.txt").count()).toBe(0);
    const { body } = await call(server.url, "GET", "/v1/files?path=/away&type=file");
    expect(body).toEqual([]);
  });
});

test("a session that is ended elsewhere leads to the door, and back to the same place", async () => {
  await upload("/place-of-return", "here.txt");
  const page = await open("library/place-of-return?sort=ASC_NAME&view=list");
  await cellOf(page, "here.txt").waitFor();
  await page.route(
    "**/_sluice/console/upload-tokens",
    async (route) => {
      await endSessions();
      await route.continue();
    },
    { times: 1 },
  );
  const file = { name: "waiting.txt", mimeType: "text/plain", buffer: Buffer.from("waits for the session") };
  await page.locator("input[type=file][multiple]").first().setInputFiles(file);
  await page.getByText("You've been signed out").waitFor();
  await page.getByRole("textbox", { name: "Public key" }).fill(keys.publicKey);
  await page.getByLabel("Private key", { exact: true }).fill(keys.privateKey);
  await page.keyboard.press("Enter");
  await cellOf(page, "here.txt").waitFor();
  const url = new URL(page.url());
  expect(`${url.pathname}${url.search}`).toBe("/console/library/place-of-return?sort=ASC_NAME&view=list");
  // The upload has waited, and nobody has to choose the file again.
  await page.getByText("1 file uploaded").waitFor();
  await cellOf(page, "waiting.txt").waitFor();
});

test("a tab shows nothing more of a user once another tab of its browser has another one", async () => {
  await upload("/two-tabs", "seen.txt");
  const { body: reader } = await call(server.url, "POST", "/_sluice/keys", { body: { role: "read" } });
  const page = await open("library/two-tabs");
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByRole("dialog").waitFor();
  const tab = await page.context().newPage();
  await tab.goto(`${server.url}/console/`);
  await tab.getByRole("button", { name: "Account" }).click();
  await tab.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByText("You've been signed out").waitFor();
  await tab.getByRole("textbox", { name: "Public key" }).fill(reader.publicKey);
  await tab.getByLabel("Private key", { exact: true }).fill(reader.privateKey);
  await tab.keyboard.press("Enter");
  await cellOf(page, "seen.txt").waitFor();
  expect(await page.getByRole("button", { name: "New folder" }).count()).toBe(0);
});

async function endSessions(): Promise<void> {
  const { body } = await call(server.url, "GET", "/_sluice/console/sessions");
  for (const { id } of body) await call(server.url, "DELETE", `/_sluice/console/sessions/${id}`);
}

test("a server that can't be reached takes away nothing that is shown or being typed", async () => {
  const [fileId = ""] = await upload("/draft", "draft.txt");
  const page = await open(`library/draft?file=${fileId}`);
  const description = details(page).getByRole("textbox", { name: "Description" });
  await description.fill("not saved yet");
  let lost = 0;
  await page.route(/\/(?:v1|_sluice)\//, (route) => {
    if (route.request().url().endsWith(`/${fileId}/details`)) lost++;
    return route.abort();
  });
  await comeBack(page);
  // The console asks four times before it takes the server for lost.
  await expect.poll(() => lost).toBeGreaterThanOrEqual(4);
  await page.waitForTimeout(500);
  expect(await description.inputValue({ timeout: 1000 })).toBe("not saved yet");
  expect(await cellOf(page, "draft.txt").count()).toBe(1);
});

test("a server that goes away is told, and the page goes on by itself once it is back", async () => {
  await upload("/restart", "before.txt");
  const page = await open("library/restart");
  await cellOf(page, "before.txt").waitFor();
  const { port } = new URL(server.url);
  server.process.kill("SIGTERM");
  await server.exited;
  const file = { name: "meanwhile.txt", mimeType: "text/plain", buffer: Buffer.from("sent while nobody answers") };
  await page.locator("input[type=file][multiple]").first().setInputFiles(file);
  await page.getByRole("alert").filter({ hasText: "Can't reach the server." }).waitFor();
  expect(await cellOf(page, "before.txt").count()).toBe(1);
  server = await startServerProcess({ dataDir, flags: ["--trash-days", "7", "--port", port] });
  await upload("/restart", "after.txt");
  await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  await cellOf(page, "after.txt").waitFor();
  await page.getByText("1 file uploaded").waitFor();
  await cellOf(page, "meanwhile.txt").waitFor();
});
