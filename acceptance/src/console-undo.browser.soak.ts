import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let browser: Browser;

async function upload(fileName: string, more: Record<string, string> = {}): Promise<string> {
  const fields = { fileName, useUniqueFileName: "false", ...more };
  const answer = await uploadBasic(server.url, await jpeg(60, 40), fields);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.fileId;
}

beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const select = (page: Page, name: string) => cellOf(page, name).getByRole("checkbox").check({ force: true });
const tagsOf = async (id: string) => (await call(server.url, "GET", `/v1/files/${id}/details`)).body.tags;

test("deletions in a row are told in one notice, by their names, and undone each or all", async () => {
  const names = ["ant.jpg", "bee.jpg", "cat.jpg", "dog.jpg"];
  for (const name of names) await upload(name, { folder: "/pets" });
  const page = await openOnSmallScreen(browser, server.url);
  await page.goto(`${server.url}/console/library/pets`);
  const notices = page.getByRole("status").filter({ hasText: "trash" });
  const remove = async (name: string): Promise<void> => {
    await cellOf(page, name).focus();
    await page.keyboard.press("Delete");
    await cellOf(page, name).waitFor({ state: "detached" });
  };
  await remove("ant.jpg");
  await notices.getByText("ant.jpg moved to trash", { exact: true }).waitFor();
  await notices.getByRole("button", { name: "Undo", exact: true }).waitFor();
  await remove("bee.jpg");
  await remove("cat.jpg");
  await notices.getByText("3 items moved to trash").waitFor();
  expect(await notices.getByRole("button", { name: "Dismiss" }).count()).toBe(1);
  expect(await notices.getByRole("listitem").allTextContents()).toEqual(["ant.jpgUndo", "bee.jpgUndo", "cat.jpgUndo"]);
  expect(await faultsOnScreens(page, notices.getByRole("button", { name: "Undo all" }))).toEqual([]);
  await notices.getByRole("button", { name: "Undo: bee.jpg" }).press("Enter");
  await cellOf(page, "bee.jpg").waitFor();
  await page.getByText("Restored bee.jpg", { exact: true }).waitFor();
  await notices.getByText("2 items moved to trash").waitFor();
  await notices.getByRole("button", { name: "Undo all" }).press("Enter");
  for (const name of names) await cellOf(page, name).waitFor();
});

test("a change of tags is undone in each file as it was before", async () => {
  const plain = await upload("plain.jpg", { folder: "/tagged" });
  const red = await upload("red.jpg", { folder: "/tagged", tags: "red,old" });
  const { page } = await openConsole(browser, server.url, "library/tagged");
  const change = async (how: "Add" | "Remove"): Promise<void> => {
    await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
    await page.getByRole("dialog").getByRole("combobox").fill("red");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: how, exact: true }).click();
  };
  for (const name of ["plain.jpg", "red.jpg"]) await select(page, name);
  await change("Add");
  await page.getByText("Tags added to 2 files").waitFor();
  expect(await tagsOf(plain)).toEqual(["red"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => tagsOf(plain)).toBe(null);
  expect(await tagsOf(red)).toEqual(["red", "old"]);
});

test("tags are completed by one request for a word, and none for what is known", async () => {
  for (const tag of ["winter", "winsome"]) await upload(`${tag}.jpg`, { folder: "/words", tags: tag });
  const { page } = await openConsole(browser, server.url, "library/words");
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/v1/files/tags") asked.push(String(searchParams.get("beginning")));
  });
  await select(page, "winter.jpg");
  await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
  const field = page.getByRole("dialog").getByRole("combobox");
  await field.pressSequentially("win", { delay: 20 });
  await page.getByRole("option", { name: "winsome" }).waitFor();
  expect(asked).toEqual(["win"]);
  await field.pressSequentially("te", { delay: 20 });
  await page.getByRole("option", { name: "winsome" }).waitFor({ state: "detached" });
  await page.getByRole("option", { name: "winter" }).waitFor();
  await page.waitForTimeout(500);
  expect(asked).toEqual(["win"]);
});

test("files in the trash are selected, restored and deleted for good together", async () => {
  for (const name of ["oak.jpg", "elm.jpg", "fir.jpg", "ash.jpg"]) {
    const fileId = await upload(name, { folder: "/trees" });
    await call(server.url, "DELETE", `/v1/files/${fileId}?permanent=false`);
  }
  const page = await openOnSmallScreen(browser, server.url);
  await page.goto(`${server.url}/console/trash`);
  const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });
  for (const name of ["oak.jpg", "elm.jpg"]) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  const bar = page.getByRole("toolbar", { name: "2 items selected" });
  expect(await faultsOnScreens(page, bar)).toEqual([]);
  await bar.getByRole("button", { name: "Restore" }).press("Enter");
  await page.getByText("Restored 2 files").waitFor();
  await row("oak.jpg").waitFor({ state: "detached" });
  await page.getByRole("checkbox", { name: "Select all 2 files" }).press("Space");
  await page.getByRole("toolbar").getByRole("button", { name: "Delete permanently" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Delete permanently" }).click();
  await page.getByText("Trash is empty", { exact: true }).waitFor();
  const { body } = await call(server.url, "GET", "/v1/files?path=/trees");
  expect(body.map(({ name }: { name: string }) => name).sort()).toEqual(["elm.jpg", "oak.jpg"]);
});
