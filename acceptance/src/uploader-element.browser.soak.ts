import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { listFiles } from "./harness/library.ts";
import { limitSending } from "./harness/network-log.ts";
import { noisePng } from "./harness/noise.ts";
import { jpeg } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import {
  type ChosenFile,
  choose,
  openUploader,
  rowOf,
  startUploaderApp,
  summaryIs,
  type Uploader,
  type UploaderApp,
} from "./harness/uploader-page.ts";

let server: RunningServer;
let browser: Browser;
let app: UploaderApp;
beforeAll(async () => {
  server = await startServer({ flags: ["--max-file-size", "2000000"] });
  browser = await launchBrowser();
  const plain = `multiple endpoint="${server.url}" token-endpoint="/upload-token"`;
  app = await startUploaderApp({
    server: server.url,
    pages: {
      "/": `<sluice-uploader ${plain} max-size="1MB" concurrency="6"></sluice-uploader>`,
      "/large": `<sluice-uploader ${plain}></sluice-uploader>`,
      "/resumable": `<sluice-uploader ${plain} resumable-from="1MB"></sluice-uploader>`,
      "/folders": `<sluice-uploader ${plain} folders keep-paths folder="/drop"></sluice-uploader>`,
      "/form": `<form action="/submitted"><label for="photos">Photos</label>
        <sluice-uploader ${plain} id="photos" name="photo" required></sluice-uploader><button>Save</button></form>`,
      "/submitted": "<p>Thank you.</p>",
    },
    policy: (fileName) =>
      fileName?.startsWith("secret")
        ? Response.json({ message: "Secrets stay at home.", reason: "SECRET" }, { status: 403 })
        : { allow: ["fileName", "folder", "responseFields"], default: { responseFields: "tags" } },
  });
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const text = (name: string, content: string | Buffer): ChosenFile => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(content),
});

test("200 files of mixed size: those that can be stored are, once each, and every other one says why not", async () => {
  const { page, uploader, problems } = await openUploader(browser, app.url);
  // Counts each event. The server refuses three files, because the folder and the name are too long together.
  await page.evaluate(() => {
    const counts: Record<string, number> = {};
    Reflect.set(window, "counts", counts);
    for (const name of ["added", "refused", "done", "failed", "idle", "progress"]) {
      document.addEventListener(`sluice-${name}`, () => {
        counts[name] = (counts[name] ?? 0) + 1;
      });
    }
    document.querySelector("sluice-uploader")?.addEventListener("sluice-add", ({ detail }) => {
      if (detail.file.name.startsWith("broken")) detail.parameters.folder = `/${"x".repeat(250)}`.repeat(4);
    });
  });
  const good = Array.from({ length: 195 }, (_, index) =>
    text(`file-${index}.txt`, `${index} `.repeat(1 + ((index * 7919) % 20_000))),
  );
  const broken = ["broken-1.txt", "broken-2.txt", "broken-3.txt"].map((name) => text(name, name));
  await choose(
    uploader,
    ...good.slice(0, 100),
    ...broken,
    text("large.txt", Buffer.alloc(1_000_001)),
    text("secret.txt", "secret"),
    ...good.slice(100),
  );
  await summaryIs(uploader, /^195 uploaded · 5 failed$/, 45_000);
  expect(await uploader.getByRole("listitem").count()).toBe(200);
  expect(await rowOf(uploader, "large.txt").locator(".status").textContent()).toBe(
    "This file is too large. The limit is 1 MB.",
  );
  expect(await rowOf(uploader, "secret.txt").locator(".status").textContent()).toBe("Secrets stay at home.");
  for (const { name } of broken) {
    expect(await rowOf(uploader, name).locator(".status").textContent()).toBe("This file couldn't be uploaded.");
  }
  const stored = await listFiles(server.url);
  expect(stored.map(({ filePath }) => filePath.replace(/^\/|_[\w-]+(?=\.txt$)/g, "")).sort()).toEqual(
    good.map(({ name }) => name).sort(),
  );
  const counts = await page.evaluate(() => Reflect.get(window, "counts"));
  expect(counts).toMatchObject({ added: 199, refused: 1, done: 195, failed: 4, idle: 1 });
  const ids = await uploader.evaluate((element: Uploader) => element.value);
  expect([...ids].sort()).toEqual(stored.map(({ fileId }) => fileId).sort());
  // The element tells the page's developer, once, which of the problems are theirs to fix.
  const told = problems.filter((problem) => problem.startsWith("<sluice-uploader>"));
  expect(told).toEqual([expect.stringMatching(/PARAMETER_INVALID: .* fileName .*\n.*x-request-id/s)]);
  // Chromium's console has the refused requests and nothing else, above all no violated policy.
  expect(problems.filter((problem) => !told.includes(problem) && !/status of 40[03]/.test(problem))).toEqual([]);
});

test("a running upload is paused, resumed with a fresh token, and stored once", async () => {
  const { page, uploader, problems } = await openUploader(browser, `${app.url}/large`);
  const lift = await limitSending(page, 400_000);
  const before = app.asked();
  await choose(uploader, { name: "noise.png", mimeType: "image/png", buffer: await noisePng(700, 700) });
  const row = rowOf(uploader, "noise.png");
  await row.getByText(/^\d.* of 1\.5 MB · [1-9]\d?%$/).waitFor();
  await uploader.getByText(/^\d.* of 1\.5 MB · \d+ kB\/s · \d+ sec left$/).waitFor();
  await row.getByRole("button", { name: "Pause noise.png" }).click();
  await row.getByText("1.5 MB · Paused").waitFor();
  await lift();
  await row.getByRole("button", { name: "Resume noise.png" }).click();
  await row.getByText("1.5 MB · Uploaded").waitFor();
  expect(app.asked() - before).toBe(2);
  const stored = (await listFiles(server.url)).filter(({ filePath }) => filePath.includes("noise"));
  expect(stored).toHaveLength(1);
  expect(problems).toEqual([]);
});

test("a large file goes on after a pause and after a reload, says so, and is stored once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-uploader-"));
  try {
    const path = join(folder, "large.png");
    await writeFile(path, await noisePng(700, 700));
    const { page, uploader, problems } = await openUploader(browser, `${app.url}/resumable`);
    let created = 0;
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/_sluice/resumable")) created++;
    });
    const lift = await limitSending(page, 400_000);
    const row = rowOf(uploader, "large.png");
    const chooseAgain = () => uploader.locator("input[type=file]").setInputFiles(path);
    await chooseAgain();
    await row.getByText(/of 1\.5 MB · [23]\d%$/).waitFor();
    await row.getByRole("button", { name: "Pause large.png" }).click();
    await row.getByText("1.5 MB · Paused").waitFor();
    await row.getByRole("button", { name: "Resume large.png" }).click();
    await row.getByText(/of 1\.5 MB · [45]\d%$/).waitFor();
    await page.reload();
    let ask = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    await page.route("**/_sluice/resumable/*", async (route) => {
      if (route.request().method() === "GET") await asked;
      await route.continue();
    });
    await chooseAgain();
    await row.getByText("1.5 MB · Resuming…").waitFor();
    await uploader.getByRole("status").getByText("large.png: 1.5 MB · Resuming…").waitFor();
    await lift();
    ask();
    await row.getByText("1.5 MB · Uploaded").waitFor();
    const stored = (await listFiles(server.url)).filter(({ filePath }) => filePath.includes("large"));
    expect([stored.length, created]).toEqual([1, 1]);
    expect(problems).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("all are paused at once, those that wait included, and go on together", async () => {
  const { page, uploader } = await openUploader(browser, `${app.url}/large`);
  const lift = await limitSending(page, 200_000);
  const buffer = await noisePng(200, 200);
  const names = Array.from({ length: 8 }, (_, index) => `all-${index}.png`);
  await choose(uploader, ...names.map((name) => ({ name, mimeType: "image/png", buffer })));
  await uploader.getByRole("button", { name: "Pause", exact: true }).click();
  await uploader.getByRole("button", { name: "Resume", exact: true }).waitFor();
  await choose(uploader, { name: "late.png", mimeType: "image/png", buffer });
  await rowOf(uploader, "late.png").getByText("Paused").waitFor();
  await lift();
  await uploader.getByRole("button", { name: "Resume", exact: true }).click();
  await summaryIs(uploader, "9 uploaded");
});

test("a file that the server finds too large says how large it may be, and can't be tried again", async () => {
  const { uploader } = await openUploader(browser, `${app.url}/large`);
  await choose(uploader, text("heavy.txt", Buffer.alloc(2_000_001)));
  await rowOf(uploader, "heavy.txt").getByText("This file is too large. The limit is 2 MB.").waitFor();
  expect(await uploader.getByRole("button", { name: "Retry" }).count()).toBe(0);
  await uploader.getByRole("button", { name: "Clear" }).click();
  expect(await uploader.getByRole("listitem").count()).toBe(0);
});

test("what failed for want of an answer is tried again on demand, all of it together", async () => {
  const { page, uploader } = await openUploader(browser, `${app.url}/large`);
  await page.route("**/upload-token", (route) => route.fulfill({ status: 401, body: "" }));
  await choose(uploader, text("again-1.txt", "one"), text("again-2.txt", "two"));
  await summaryIs(uploader, "2 failed");
  await page.unroute("**/upload-token");
  await uploader.getByRole("button", { name: "Retry failed" }).click();
  await summaryIs(uploader, "2 uploaded");
});

test("a stored file's name leads to the file", async () => {
  const { page, uploader, problems } = await openUploader(browser, app.url);
  await choose(uploader, text("linked.txt", "behind the link"));
  const opened = page.waitForEvent("popup");
  await uploader.getByRole("link", { name: "Open linked.txt" }).click();
  const file = await opened;
  await file.waitForLoadState();
  expect(await file.textContent("body")).toBe("behind the link");
  expect(problems).toEqual([]);
});

test("who goes offline is told, and their uploads go on by themselves", async () => {
  const { page, uploader, problems } = await openUploader(browser, app.url);
  await page.context().setOffline(true);
  await choose(uploader, text("offline.txt", "patience"));
  await uploader.getByText("You're offline. Uploads resume when you reconnect.").waitFor();
  await rowOf(uploader, "offline.txt").getByText("8 byte · Waiting").waitFor();
  await page.context().setOffline(false);
  await summaryIs(uploader, "1 uploaded");
  expect(problems.filter((problem) => !problem.includes("ERR_INTERNET_DISCONNECTED"))).toEqual([]);
});

test("a file that was changed after it had been chosen is to be chosen again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-uploader-"));
  try {
    const path = join(folder, "changing.txt");
    await writeFile(path, "as it was chosen");
    const { page, uploader } = await openUploader(browser, app.url);
    await page.route("**/upload-token", async (route) => {
      await writeFile(path, "as it is now, longer");
      // Chromium compares modification times in whole seconds.
      const later = new Date(Date.now() + 10_000);
      await utimes(path, later, later);
      await route.continue();
    });
    await uploader.locator("input[type=file]").setInputFiles(path);
    await rowOf(uploader, "changing.txt").getByText("This file has changed: choose it again.").waitFor();
    expect(await uploader.getByRole("button", { name: "Retry" }).count()).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a dropped folder is walked, its folders kept where that is asked for, and what systems hide left out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-uploader-"));
  try {
    await mkdir(join(folder, "album", "sea"), { recursive: true });
    await writeFile(join(folder, "album", "cover.jpg"), await jpeg(64, 48));
    await writeFile(join(folder, "album", "sea", "wave.txt"), "wave");
    await writeFile(join(folder, "album", ".DS_Store"), "hidden");
    await writeFile(join(folder, "beside.txt"), "beside");
    const { page, uploader, problems } = await openUploader(browser, `${app.url}/folders`);
    const session = await page.context().newCDPSession(page);
    const area = await uploader.boundingBox();
    const place = { x: (area?.x ?? 0) + 30, y: (area?.y ?? 0) + 30 };
    const data = { items: [], files: [join(folder, "album"), join(folder, "beside.txt")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver"] as const) {
      await session.send("Input.dispatchDragEvent", { type, ...place, data });
    }
    expect(await uploader.locator(".base").getAttribute("class")).toContain("over");
    await session.send("Input.dispatchDragEvent", { type: "drop", ...place, data });
    await summaryIs(uploader, "3 uploaded");
    const paths = await uploader.evaluate((element: Uploader) => element.results.map(({ filePath }) => filePath));
    expect(paths.map((path) => path.replace(/_[\w-]+(?=\.\w+$)/, "")).sort()).toEqual([
      "/drop/album/cover.jpg",
      "/drop/album/sea/wave.txt",
      "/drop/beside.txt",
    ]);
    expect(
      await rowOf(uploader, "cover.jpg")
        .locator("img")
        .evaluate((image: HTMLImageElement) => image.decode()),
    ).toBe(undefined);
    expect(await uploader.locator(".base").getAttribute("class")).not.toContain("over");
    expect(problems).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("what is pasted is uploaded", async () => {
  const { uploader } = await openUploader(browser, app.url);
  await uploader.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["pasted"], "pasted.txt", { type: "text/plain" }));
    element.shadowRoot
      ?.querySelector("button")
      ?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, composed: true }));
  });
  await rowOf(uploader, "pasted.txt").getByText("Uploaded").waitFor();
});

test("a form waits for its uploads, submits their ids, and finds them again when the user comes back", async () => {
  const { page, uploader, problems } = await openUploader(browser, `${app.url}/form`);
  await page.getByRole("button", { name: "Save" }).click();
  expect(new URL(page.url()).pathname).toBe("/form");
  expect(await uploader.evaluate((element: Uploader) => element.validationMessage)).toBe("Choose a file.");
  await choose(
    uploader,
    { name: "one.jpg", mimeType: "image/jpeg", buffer: await jpeg(64, 48) },
    { name: "two.jpg", mimeType: "image/jpeg", buffer: await jpeg(48, 64) },
  );
  await summaryIs(uploader, "2 uploaded");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/submitted*");
  await page.getByText("Thank you.").waitFor();
  const submitted = new URL(page.url()).searchParams.getAll("photo");
  const stored = (await listFiles(server.url)).filter(({ filePath }) => /^\/(one|two)/.test(filePath));
  expect([...submitted].sort()).toEqual(stored.map(({ fileId }) => fileId).sort());

  await page.goBack();
  await summaryIs(uploader, "2 uploaded");
  expect(await uploader.evaluate((element: Uploader) => element.value)).toEqual(submitted);
  const [picture] = await uploader.locator("img").all();
  await picture?.evaluate((image: HTMLImageElement) => image.decode());
  expect(problems).toEqual([]);
});
