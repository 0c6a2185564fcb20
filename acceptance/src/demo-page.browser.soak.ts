import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { chooseFiles, dropPaths, isShown, openDemo, pictureWidth, shownJson, storedUrl } from "./harness/demo-page.ts";
import { limitSending } from "./harness/network-log.ts";
import { noisePng } from "./harness/noise.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { rowOf, summaryIs } from "./harness/uploader-page.ts";

const uploadPath = "/api/v2/files/upload";
const answer = "The server's response";

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
  const { page, problems } = await openDemo(browser, server);
  await chooseFiles(page, { name: "photo.jpg", buffer: await jpeg(320, 200) });
  const url = await storedUrl(page, "photo.jpg");
  expect(url).toMatch(new RegExp(`^${server.url}/demo/demo/photo_[\\w-]+\\.jpg$`));
  expect(await pictureWidth(page, url)).toBe(320);
  expect(await shownJson(page, answer)).toMatchObject({ url, width: 320, height: 200, fileType: "image" });
  expect(problems).toEqual([]);
});

test("a click transforms the picture, and its new URL can be copied", async () => {
  const { page, problems } = await openDemo(browser, server);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await chooseFiles(page, { name: "click.jpg", buffer: await jpeg(800, 600) });
  const url = await storedUrl(page, "click.jpg");
  const click = async (name: string, text: string) => {
    await page.getByRole("button", { name }).click();
    const transformed = await storedUrl(page, "click.jpg");
    expect(transformed).toBe(`${url}?tr=${text}`);
    return pictureWidth(page, transformed);
  };
  expect(await click("400 pixels wide", "w-400")).toBe(400);
  expect(await click("Circle", "w-300,h-300,fo-auto,r-max")).toBe(300);
  expect(await click("Rotated", "w-400:rt-90")).toBe(300);
  expect(await page.getByRole("button", { pressed: true }).allTextContents()).toEqual(["Rotated"]);
  await page.getByText(/^300 × 400 pixels · .* kB instead of .* kB · \w+$/).waitFor();
  await page.getByRole("button", { name: "Copy: The file's URL" }).click();
  await page.getByRole("status").getByText("Copied").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${url}?tr=w-400:rt-90`);
  for (const name of ["Square", "Black and white", "Blur", "Small JPEG", "Stored file", "As delivered"]) {
    await page.getByRole("button", { name }).click();
    await page
      .locator("#facts")
      .getByText(/ × \d+ pixels · /)
      .waitFor();
  }
  expect(await storedUrl(page, "click.jpg")).toBe(url);
  expect(problems).toEqual([]);
});

test.each(["127.0.0.1", "localhost"])(
  "a transformation can be written, and one that is refused says why: %s",
  async (host) => {
    const { page } = await openDemo(browser, server, { host });
    await chooseFiles(page, { name: "written.jpg", buffer: await jpeg(100, 50) });
    const url = await storedUrl(page, "written.jpg");
    const field = page.getByLabel("Transformation", { exact: true });
    await field.fill("w-10");
    await field.press("Enter");
    expect(await pictureWidth(page, `${url}?tr=w-10`)).toBe(10);
    await field.fill("w-ten");
    await field.press("Enter");
    await page
      .locator("#facts")
      .getByText(/^400: .*w-ten/)
      .waitFor();
  },
);

test("the token is shown decoded: who signed what, for how long", async () => {
  const { page } = await openDemo(browser, server);
  await page.getByLabel("Tags").fill("sea, summer");
  await chooseFiles(page, { name: "tagged.jpg", buffer: await jpeg() });
  await isShown(page, "tagged.jpg");
  expect(await shownJson(page, "The request for a token")).toMatchObject({ publicKey: "public_test", expire: 900 });
  await page.getByText("Decoded token").click();
  expect(await shownJson(page, "The token's header")).toMatchObject({ alg: "HS256", typ: "JWT", kid: "public_test" });
  const { iat, exp, ...claims } = await shownJson(page, "The token's claims");
  expect(claims).toEqual({
    fileName: "tagged.jpg",
    folder: "/demo",
    useUniqueFileName: "true",
    tags: "sea, summer",
    responseFields: "tags",
  });
  expect(Number(exp) - Number(iat)).toBe(900);
  const form = await page.getByLabel("The form's fields").textContent();
  for (const [name, value] of Object.entries(claims)) expect(form).toContain(`${name}: ${value}\n`);
  expect(await shownJson(page, answer)).toMatchObject({ tags: ["sea", "summer"] });
});

test("an upload shows its progress, and can be paused on the way", async () => {
  const { page, uploader, problems } = await openDemo(browser, server);
  const lift = await limitSending(page, 500_000);
  await chooseFiles(page, { name: "noise.png", buffer: await noisePng(900, 700) });
  const row = rowOf(uploader, "noise.png");
  await row.getByText(/ of 1\.\d MB · [1-9]\d?%$/).waitFor();
  await row.getByRole("button", { name: "Pause noise.png" }).click();
  await row.getByText(/Paused/).waitFor();
  await lift();
  await row.getByRole("button", { name: "Resume noise.png" }).click();
  await summaryIs(uploader, "1 uploaded");
  expect(await storedUrl(page, "noise.png")).toContain("/demo/demo/noise_");
  expect(problems).toEqual([]);
});

test("presenting the same token again shows the refusal and keeps the stored file's answer", async () => {
  const { page, problems } = await openDemo(browser, server);
  await chooseFiles(page, { name: "again.jpg", buffer: await jpeg() });
  const url = await storedUrl(page, "again.jpg");
  await page.getByRole("button", { name: "Use the same token again" }).click();
  await page.getByText("400 TOKEN_USED").waitFor();
  expect(await page.getByText("The token has been used before.", { exact: true }).isVisible()).toBe(true);
  expect(await storedUrl(page, "again.jpg")).toBe(url);
  expect(await shownJson(page, answer)).toHaveProperty("fileId");
  // Chromium reports every refused request, and this refusal was intended.
  expect(problems).toEqual([expect.stringMatching(new RegExp(`status of 400 .*${uploadPath}`))]);
});

test("files dropped anywhere on the page are uploaded, those in folders as well", async () => {
  const { page, uploader, problems } = await openDemo(browser, server);
  await mkdir(join(folder, "album"));
  await writeFile(join(folder, "album", "inside.txt"), "inside");
  await writeFile(join(folder, "dropped.jpg"), await jpeg(64, 48));
  await dropPaths(page, [join(folder, "album"), join(folder, "dropped.jpg")]);
  await summaryIs(uploader, "2 uploaded");
  const paths = await uploader.evaluate((element) => {
    const results: readonly { readonly filePath: string }[] = Reflect.get(element, "results");
    return results.map(({ filePath }) => filePath);
  });
  expect(paths.map((path) => path.replace(/_[\w-]+(?=\.)/, "")).sort()).toEqual([
    "/demo/dropped.jpg",
    "/demo/inside.txt",
  ]);
  expect(problems).toEqual([]);
});

test("of several uploads each can be looked at, the one chosen as long as it is wanted", async () => {
  const { page, uploader, problems } = await openDemo(browser, server);
  const buffer = await jpeg(32, 32);
  await chooseFiles(page, { name: "first.jpg", buffer }, { name: "words.txt", buffer: Buffer.from("words") });
  await summaryIs(uploader, "2 uploaded");
  await page.getByLabel("Show").selectOption({ label: "words.txt" });
  expect(await storedUrl(page, "words.txt")).toContain("/demo/demo/words_");
  expect(await page.locator("#picture").isVisible()).toBe(false);
  await page.getByLabel("Show").selectOption({ label: "first.jpg" });
  const url = await storedUrl(page, "first.jpg");
  expect(url).toContain("/demo/demo/first_");
  expect(await pictureWidth(page, url)).toBe(32);
  await chooseFiles(page, { name: "third.jpg", buffer });
  expect(await storedUrl(page, "third.jpg")).toContain("/demo/demo/third_");
  expect(await page.getByLabel("Show").locator("option").allTextContents()).toHaveLength(3);
  expect(problems).toEqual([]);
});

test("without names of their own, uploads of one name become versions of one file", async () => {
  const { page, uploader, problems } = await openDemo(browser, server);
  await page.getByLabel("Use unique file names").uncheck();
  await chooseFiles(page, { name: "versions.jpg", buffer: await jpeg(20, 10) });
  expect(await storedUrl(page, "versions.jpg")).toBe(`${server.url}/demo/demo/versions.jpg`);
  expect(await pictureWidth(page)).toBe(20);
  await chooseFiles(page, { name: "versions.jpg", buffer: await jpeg(40, 10) });
  await summaryIs(uploader, "2 uploaded");
  await page.getByText(/^40 × 10 pixels/).waitFor();
  expect(await storedUrl(page, "versions.jpg")).toBe(`${server.url}/demo/demo/versions.jpg`);
  expect(await shownJson(page, answer)).toMatchObject({ versionInfo: { name: "Version 2" } });
  expect(problems).toEqual([]);
});

test("a file over the limit is refused: users read how large it may be, developers what the server says", async () => {
  const strict = await startServer({ flags: ["--max-file-size", "100000"] });
  try {
    const { page, uploader, problems } = await openDemo(browser, strict);
    await chooseFiles(page, { name: "large.png", buffer: await noisePng(300, 300) });
    await isShown(page, "large.png");
    await rowOf(uploader, "large.png").getByText("This file is too large. The limit is 100 kB.").waitFor();
    const message = "Your request contains invalid file parameter. The file size exceeds 100000 bytes limit.";
    await page.getByText(message, { exact: true }).waitFor();
    await page.getByText("400 FILE_TOO_LARGE").waitFor();
    expect(await shownJson(page, answer)).toMatchObject({ reason: "FILE_TOO_LARGE" });
    expect(await page.getByText("Upload an image").isVisible()).toBe(true);
    // The token was used up all the same.
    await page.getByRole("button", { name: "Use the same token again" }).click();
    await page.getByText("400 TOKEN_USED").waitFor();
    expect(problems.filter((problem) => !problem.includes(uploadPath))).toEqual([]);
  } finally {
    await strict.stop();
  }
});

test("the commands that it shows list and delete what has been uploaded", async () => {
  const { page } = await openDemo(browser, server);
  await chooseFiles(page, { name: "commands.txt", buffer: Buffer.from("to be deleted") });
  const url = await storedUrl(page, "commands.txt");
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
