import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import {
  cardsOf,
  chooseFiles,
  dropPaths,
  endOf,
  openDemo,
  pictureWidth,
  recordStates,
  shownJson,
  storedUrl,
} from "./harness/demo-page.ts";
import { limitSending } from "./harness/network-log.ts";
import { noisePng } from "./harness/noise.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";

const uploadPath = "/api/v2/files/upload";
const answer = "The server's answer";

let server: RunningServer;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "sluice-demo-"));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

test("a chosen picture is uploaded, its answer shown, and the picture from its URL", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  await chooseFiles(page, { name: "photo.jpg", buffer: await jpeg(320, 200) });
  const card = cardsOf(page, "photo.jpg");
  const url = await storedUrl(card);
  expect(url).toMatch(new RegExp(`^${server.url}/demo/demo/photo_[\\w-]+\\.jpg$`));
  expect(await pictureWidth(card)).toBe(320);
  expect(await shownJson(card, answer)).toMatchObject({ url, width: 320, height: 200, fileType: "image" });
  expect(await card.getByRole("img").getAttribute("src")).toBe(url);
  expect(problems).toEqual([]);
});

test("the token is shown decoded: who signed what, for how long", async () => {
  const { page } = await openDemo(browser, server.url);
  await page.getByLabel("Tags").fill("sea, summer");
  await chooseFiles(page, { name: "tagged.jpg", buffer: await jpeg() });
  const card = cardsOf(page, "tagged.jpg");
  await storedUrl(card);
  await card.getByText("Token, decoded").click();
  expect(await shownJson(card, "The token's header")).toMatchObject({ alg: "HS256", typ: "JWT", kid: "public_test" });
  const { iat, exp, ...claims } = await shownJson(card, "The token's claims");
  expect(claims).toEqual({
    fileName: "tagged.jpg",
    folder: "/demo",
    useUniqueFileName: "true",
    tags: "sea, summer",
    responseFields: "tags",
  });
  expect(Number(exp) - Number(iat)).toBe(900);
  expect(await shownJson(card, answer)).toMatchObject({ tags: ["sea", "summer"] });
});

test("an upload goes from asking for a token to sending, to processing, to stored", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  const states = await recordStates(page);
  await limitSending(page, 3_000_000);
  await chooseFiles(page, { name: "noise.png", buffer: await noisePng(900, 700) });
  await storedUrl(cardsOf(page, "noise.png"));
  const [asking, ...others] = await states();
  expect(asking).toBe("Asking for a token");
  const sending = others.filter((state) => /^Sending · \d+ % of 1\.\d MB$/.test(state));
  expect(sending.length).toBeGreaterThan(2);
  const rest = others.slice(sending.length);
  expect(rest).toEqual([expect.stringMatching(/^Processing/), expect.stringMatching(/^Stored/)]);
  expect(problems).toEqual([]);
});

test("presenting the same token again shows the refusal and keeps the stored file's answer", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  await chooseFiles(page, { name: "again.jpg", buffer: await jpeg() });
  const card = cardsOf(page, "again.jpg");
  const url = await storedUrl(card);
  await card.getByRole("button", { name: "Present the same token again" }).click();
  await card.getByText("400 TOKEN_USED").waitFor();
  expect(await card.getByText("The token has been used before.").isVisible()).toBe(true);
  expect(await storedUrl(card)).toBe(url);
  expect(await shownJson(card, answer)).toHaveProperty("fileId");
  // Chromium reports every refused request; that one was meant.
  expect(problems).toEqual([expect.stringMatching(new RegExp(`status of 400 .*${uploadPath}`))]);
});

test("files dropped on the page are uploaded", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  const paths = [join(folder, "dropped.jpg"), join(folder, "dropped.txt")];
  await writeFile(join(folder, "dropped.jpg"), await jpeg(64, 48));
  await writeFile(join(folder, "dropped.txt"), "dropped");
  await dropPaths(page, paths);
  expect(await storedUrl(cardsOf(page, "dropped.jpg"))).toContain("/demo/demo/dropped_");
  expect(await storedUrl(cardsOf(page, "dropped.txt"))).toContain("/demo/demo/dropped_");
  expect(await pictureWidth(cardsOf(page, "dropped.jpg"))).toBe(64);
  expect(problems).toEqual([]);
});

test("a dropped folder is declined in words, and the files beside it are uploaded", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  const paths = [join(folder, "album"), join(folder, "beside.txt")];
  await mkdir(join(folder, "album"));
  await writeFile(join(folder, "beside.txt"), "beside");
  await dropPaths(page, paths);
  await storedUrl(cardsOf(page, "beside.txt"));
  expect(await page.locator("#files-hint").textContent()).toMatch(/^Folders can't be uploaded here/);
  expect(await cardsOf(page, "album").count()).toBe(0);
  expect(problems).toEqual([]);
});

test("several files are uploaded, each with a card of its own", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  const names = Array.from({ length: 7 }, (_, index) => `several-${index}.jpg`);
  const buffer = await jpeg(32, 32);
  await chooseFiles(page, ...names.map((name) => ({ name, buffer })));
  for (const name of names)
    expect(await storedUrl(cardsOf(page, name))).toContain(`/demo/demo/${name.replace(".jpg", "_")}`);
  expect(await page.getByRole("list", { name: "Uploads 7" }).getByRole("listitem").count()).toBe(7);
  expect(problems).toEqual([]);
});

test("without names of their own, uploads of one name become versions of one file", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  await page.getByLabel("Give each upload a name of its own").uncheck();
  const cards = cardsOf(page, "versions.jpg");
  await chooseFiles(page, { name: "versions.jpg", buffer: await jpeg(20, 10) });
  expect(await storedUrl(cards)).toBe(`${server.url}/demo/demo/versions.jpg`);
  expect(await pictureWidth(cards)).toBe(20);
  await chooseFiles(page, { name: "versions.jpg", buffer: await jpeg(40, 10) });
  expect(await storedUrl(cards.first())).toBe(`${server.url}/demo/demo/versions.jpg`);
  expect(await cards.first().getByText("40 × 10 · Version 2").isVisible()).toBe(true);
  expect(await pictureWidth(cards.first())).toBe(40);
  expect(problems).toEqual([]);
});

test("an upload can be cancelled while it is sent, and tried again with a fresh token", async () => {
  const { page, problems } = await openDemo(browser, server.url);
  const lift = await limitSending(page, 500_000);
  await chooseFiles(page, { name: "cancelled.png", buffer: await noisePng(900, 700) });
  const card = cardsOf(page, "cancelled.png");
  await card.getByText(/^Sending · [1-9]/).waitFor();
  await card.getByRole("button", { name: "Cancel" }).click();
  expect(await endOf(card)).toMatch(/^Cancelled/);
  await lift();
  await card.getByRole("button", { name: "Retry with a fresh token" }).click();
  await card.getByText(/· Version 1$/).waitFor();
  await storedUrl(card);
  expect(problems).toEqual([]);
});

test("a file over the limit is refused in words that name the limit, and a retry is another attempt", async () => {
  const strict = await startServer({ flags: ["--max-file-size", "100000"] });
  try {
    const { page, problems } = await openDemo(browser, strict.url);
    await chooseFiles(page, { name: "large.png", buffer: await noisePng(300, 300) });
    const card = cardsOf(page, "large.png");
    expect(await endOf(card)).toMatch(/^Refused/);
    const message = "Your request contains invalid file parameter. The file size exceeds 100000 bytes limit.";
    expect(await card.getByText(message, { exact: true }).isVisible()).toBe(true);
    expect(await shownJson(card, answer)).toMatchObject({ reason: "FILE_TOO_LARGE" });
    await card.getByRole("button", { name: "Present the same token again" }).click();
    await card.getByText("400 TOKEN_USED").waitFor();
    await card.getByRole("button", { name: "Retry with a fresh token" }).click();
    await card.getByText("400 TOKEN_USED").waitFor({ state: "hidden" });
    expect(await endOf(card)).toMatch(/^Refused/);
    expect(await card.getByText(message, { exact: true }).isVisible()).toBe(true);
    expect(problems.filter((problem) => !problem.includes(uploadPath))).toEqual([]);
  } finally {
    await strict.stop();
  }
});

test("the commands that it shows list and delete what has been uploaded", async () => {
  const { page } = await openDemo(browser, server.url);
  await chooseFiles(page, { name: "commands.txt", buffer: Buffer.from("to be deleted") });
  const url = await storedUrl(cardsOf(page, "commands.txt"));
  const run = async (label: string) => {
    const shown = (await page.getByLabel(label, { exact: true }).textContent()) ?? "";
    const { stdout } = await promisify(execFile)("sh", ["-c", shown.replace("<private key>", keys.privateKey)]);
    return stdout;
  };
  const listed = JSON.parse(await run("Command that lists files"));
  expect(listed.map((file: { url: string }) => file.url.split("?")[0])).toContain(url);
  expect((await fetch(url)).status).toBe(200);
  expect(await run("Command that deletes a file")).toBe("");
  expect((await fetch(url)).status).toBe(404);
});
