import { gzipSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, watchProblems } from "./harness/browser.ts";
import { type ConsolePage, faultsOnScreens, focused, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { jpeg } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

/** A name that would run a script wherever it was shown as HTML. */
const hostileName = `<img src=x onerror=globalThis.hacked=1>&"'.jpg`;

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  browser = await launchBrowser();
  const picture = await jpeg(60, 40);
  const fields = { useUniqueFileName: "false", tags: "<b>first</b>" };
  for (let index = 0; index < 24; index++) {
    const folder = index < 18 ? "/" : "/trips/alps";
    await uploadBasic(server.url, picture, { ...fields, fileName: `picture-${index + 10}.jpg`, folder });
  }
  await uploadBasic(server.url, picture, { ...fields, fileName: hostileName, folder: "/hostile" });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const open = (path: string, options?: BrowserContextOptions) => openConsole(browser, server.url, path, options);

/** Opens the console at a place, without a session. */
async function openDoor(path = ""): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const problems = watchProblems(page);
  await page.goto(`${server.url}/console/${path}`);
  return { page, problems };
}

async function signIn(page: Page, pair: { readonly publicKey: string; readonly privateKey: string }): Promise<void> {
  await page.getByRole("textbox", { name: "Public key" }).fill(pair.publicKey);
  await page.getByLabel("Private key", { exact: true }).fill(pair.privateKey);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Account" }).waitFor();
}

/** Chromium itself reports the answer 401, by which the page learns that there is no session. */
const isFault = (problem: string) => !problem.includes("401");

const cell = (page: Page, name: string) => page.getByRole("gridcell").filter({ hasText: name });

async function names(): Promise<string[]> {
  const { body } = await call(server.url, "GET", "/v1/files?type=file&limit=1000");
  return body.map((file: { readonly filePath: string }) => file.filePath);
}

describe("the door", () => {
  test("lets a key pair in, keeps it out of the browser's storage, and closes behind whoever leaves", async () => {
    const { page, problems } = await openDoor();
    await signIn(page, keys);
    await cell(page, "picture-27.jpg").waitFor();
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(stored).not.toContain(keys.privateKey);
    expect(stored).not.toContain("sluice_");
    await page.reload();
    await cell(page, "picture-27.jpg").waitFor();
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(problems.filter(isFault)).toEqual([]);
  });

  test("takes a one-time link that is pasted into the open page", async () => {
    const { page } = await openDoor();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    // A link that is refused can be pasted again, and is refused again.
    for (let attempt = 0; attempt < 2; attempt++) {
      const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
      await page.evaluate(() => {
        location.hash = `link=${"A".repeat(43)}`;
      });
      await answered;
      await page.getByRole("alert").waitFor();
      expect(new URL(page.url()).hash).toBe("");
    }
  });

  test("says what is wrong with a key", async () => {
    const { page } = await openDoor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect.poll(() => page.getByText("Required").count()).toBe(2);
    await page.getByRole("textbox", { name: "Public key" }).fill(keys.publicKey);
    await page.getByLabel("Private key", { exact: true }).fill("private_wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("button", { name: "Account" }).count()).toBe(0);
  });

  test("shows a key that may only read nothing that changes the library", async () => {
    const made = await call(server.url, "POST", "/_sluice/keys", { body: { role: "read" } });
    const { page } = await openDoor("library/?file=none");
    await signIn(page, made.body);
    await cell(page, "picture-27.jpg").waitFor();
    for (const name of ["Upload", "New folder"]) expect(await page.getByRole("button", { name }).count()).toBe(0);
    await cell(page, "picture-27.jpg").getByRole("checkbox").check({ force: true });
    await page.getByRole("toolbar").waitFor();
    expect(await page.getByRole("toolbar").getByRole("button", { name: "Delete" }).count()).toBe(0);
  });
});

describe("the library", () => {
  test("is gone through, selected and deleted by keyboard alone, and the deletion undone", async () => {
    const { page } = await open("library/trips/alps");
    await cell(page, "picture").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByText("2 items selected").waitFor();
    await page.keyboard.press("Delete");
    await page.getByText("2 items moved to trash").waitFor();
    expect((await names()).filter((path) => path.startsWith("/trips/alps/"))).toHaveLength(4);
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await page.getByText("Restored 2 files").waitFor();
    expect((await names()).filter((path) => path.startsWith("/trips/alps/"))).toHaveLength(6);
    await expect.poll(() => page.getByRole("gridcell").filter({ hasText: "picture" }).count()).toBe(6);
  });

  test("takes dropped and chosen files, each with a token of its own", async () => {
    const { page } = await open("library/uploads");
    await page.getByText("There is no folder “uploads”").waitFor();
    const files = Array.from({ length: 12 }, (_, index) => ({
      name: `note-${index}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from(`note ${index}`),
    }));
    await page.locator("input[type=file][multiple]").first().setInputFiles(files);
    await page.getByText("12 files uploaded").waitFor();
    await cell(page, "note-11.txt").waitFor();
    expect((await names()).filter((path) => path.startsWith("/uploads/"))).toHaveLength(12);
  });

  test("asks before a file takes another one's place, and keeps what the library says of that one", async () => {
    const folder = "/taken";
    const fields = { fileName: "plan.txt", folder, useUniqueFileName: "false", isPrivateFile: "true", tags: "secret" };
    await uploadBasic(server.url, "first", fields);
    const { page } = await open("library/taken");
    const drop = async () => {
      const file = { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from(`second ${Math.random()}`) };
      await page.locator("input[type=file][multiple]").first().setInputFiles(file);
      await page.getByText("This name is taken.").waitFor();
    };
    await drop();
    await page.getByRole("button", { name: "Add as new version" }).click();
    await page.getByText("1 file uploaded").waitFor();
    const [file] = (await call(server.url, "GET", `/v1/files?path=${folder}`)).body;
    expect(file).toMatchObject({ isPrivateFile: true, tags: ["secret"], versionInfo: { name: "Version 2" } });
    await drop();
    await page.getByRole("button", { name: "Keep both" }).click();
    await page.getByText("2 files uploaded").waitFor();
    expect((await names()).filter((path) => path.startsWith(`${folder}/`))).toHaveLength(2);
  });

  test("moves nothing onto a file of the same name", async () => {
    for (const folder of ["/from", "/to"]) {
      await uploadBasic(server.url, folder, { fileName: "same.txt", folder, useUniqueFileName: "false" });
    }
    const { page } = await open("library/from");
    await cell(page, "same.txt").getByRole("checkbox").check({ force: true });
    await page.getByRole("toolbar").getByRole("button", { name: "Move" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Library" }).click();
    await dialog.getByRole("button", { name: "to", exact: true }).click();
    await page.getByRole("button", { name: "Move to to" }).click();
    await page.getByText("same.txt: a file with this name already exists there").waitFor();
    expect(await names()).toEqual(expect.arrayContaining(["/from/same.txt", "/to/same.txt"]));
  });

  test("makes folders, renames and moves", async () => {
    const { page } = await open("library/");
    await page.getByRole("button", { name: "New folder" }).click();
    await page.getByRole("textbox", { name: "Folder name" }).fill("archive");
    await page.keyboard.press("Enter");
    await cell(page, "archive").waitFor();
    await cell(page, "picture-10.jpg").focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: "New name" }).fill("renamed.jpg");
    await page.keyboard.press("Enter");
    await cell(page, "renamed.jpg").getByRole("checkbox").check({ force: true });
    await page.getByRole("toolbar").getByRole("button", { name: "Move" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "archive" }).click();
    await page.getByRole("button", { name: "Move to archive" }).click();
    await page.getByText("1 item moved to /archive").waitFor();
    expect(await names()).toContain("/archive/renamed.jpg");
  });

  test("searches words and queries, keeps the search in the address, and shows where a query is wrong", async () => {
    const { page } = await open("library/");
    const field = page.getByRole("combobox", { name: "Search library" });
    await field.fill("picture-12");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("gridcell").count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("q")).toContain("picture-12");
    await page.reload();
    await expect.poll(() => page.getByRole("gridcell").count()).toBe(1);
    await field.fill("size >> 5");
    await page.keyboard.press("Enter");
    await page.getByText("Check your query").waitFor();
    expect(await page.locator("#search-problem").textContent()).toContain("Character 7:");
  });

  test("shows hostile names and tags as the text that they are", async () => {
    const { page, problems } = await open("library/hostile");
    await cell(page, "img").first().click();
    const details = page.getByRole("complementary", { name: "Details" });
    await details.getByText("<b>first</b>").waitFor();
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBe(undefined);
    expect(problems.filter(isFault)).toEqual([]);
  });

  test("changes tags and the description of a file", async () => {
    const { page } = await open("library/");
    await cell(page, "picture-20.jpg").click();
    const details = page.getByRole("complementary", { name: "Details" });
    await details.getByRole("combobox", { name: "Add a tag" }).fill("summer");
    await page.keyboard.press("Enter");
    await details.getByText("summer", { exact: true }).waitFor();
    await details.getByRole("textbox", { name: "Description" }).fill("A lake");
    await details.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").waitFor();
    const found = await call(server.url, "GET", "/v1/files?name=picture-20.jpg");
    expect(found.body[0]).toMatchObject({ tags: ["<b>first</b>", "summer"], description: "A lake" });
  });
});

test("the settings make fields, named transformations and key pairs, and end them", async () => {
  const { page } = await open("settings/fields");
  await page.getByRole("button", { name: "New field" }).click();
  await page.getByRole("textbox", { name: "Label" }).fill("Price");
  await page.getByRole("textbox", { name: "Name" }).fill("__proto__");
  await page.getByRole("combobox", { name: "Type" }).selectOption("Number");
  await page.getByRole("textbox", { name: "Name" }).press("Enter");
  await page.getByRole("alert").waitFor();
  await page.getByRole("textbox", { name: "Name" }).fill("price");
  await page.getByRole("spinbutton", { name: "Minimum" }).fill("0");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("price · min. 0").waitFor();
  await page.getByRole("button", { name: "Delete Price" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("No fields yet").waitFor();
  await expect.poll(() => focused(page)).toBe("New field");

  await page.getByRole("link", { name: "Named transformations" }).click();
  await page.getByRole("button", { name: "New named transformation" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("small");
  await page.getByRole("textbox", { name: "Transformation" }).fill("w-100");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("n-small", { exact: true }).waitFor();

  await page.getByRole("link", { name: "Keys" }).click();
  await page.getByRole("button", { name: "New key pair" }).click();
  await page.getByRole("button", { name: "Create" }).click();
  const made = page.getByRole("dialog", { name: "Your new key pair" });
  await made.getByText(/^private_/).waitFor();
  await page.keyboard.press("Escape");
  const publicKey = await made.getByText(/^public_/).textContent();
  await made.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: `Revoke ${publicKey}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect.poll(() => page.getByText(String(publicKey)).count()).toBe(0);
  // The pair that signs in has no button.
  await expect.poll(() => focused(page)).toMatch(/^(?:New key pair|Replace public_.*)$/);
});

describe("a transformation", () => {
  const tryOut = async (transformation: string) => {
    const found = await call(server.url, "GET", "/v1/files?name=picture-21.jpg");
    const { page } = await open(`playground?file=${found.body[0].fileId}&tr=${transformation}`);
    return { page, text: page.getByRole("textbox", { name: "Transformation" }) };
  };

  test("is tried out, by its text and by a control", async () => {
    const { page, text } = await tryOut("w-30");
    await page.getByText("30 × 20").waitFor();
    await page.getByRole("spinbutton", { name: "Width" }).fill("15");
    await page.getByText("15 × 10").waitFor();
    expect(await text.inputValue()).toBe("w-15");
  });

  test("is explained where a value is invalid", async () => {
    const { page } = await tryOut("w-30,r-x,zz-9");
    const field = (name: string) => page.getByRole("textbox", { name });
    const isInvalid = (name: string) => () => field(name).getAttribute("aria-invalid");
    await expect.poll(isInvalid("Radius"), { timeout: 10_000 }).toBe("true");
    await field("Radius").fill("5");
    await expect.poll(isInvalid("Other parameters"), { timeout: 10_000 }).toBe("true");
    expect(await field("Other parameters").inputValue()).toBe("zz-9");
    await field("Other parameters").fill("");
    await page.getByText("30 × 20").waitFor();
  });

  test("has layers as cards, one in another, which follow the text, change their places and go", async () => {
    const { page, text } = await tryOut("w-30");
    const layer = (name: string) => page.getByRole("group", { name, exact: true });
    await page.getByRole("button", { name: "Add layer" }).click();
    await page.getByRole("menuitem", { name: "Text layer" }).click();
    await layer("Text layer").getByRole("textbox", { name: "Text", exact: true }).fill("50 %, sold");
    await layer("Text layer").getByText("Bold", { exact: true }).click();
    await expect.poll(() => text.inputValue()).toBe("w-30,l-text,ie-NTAgJSwgc29sZA%3D%3D,fs-60,tg-b,l-end");
    await text.fill("w-30,l-text,i-Sold,l-end,l-image,i-a@@b.png,l-text,i-In,l-end,l-end");
    const picture = layer("Image layer");
    expect(await picture.getByRole("textbox", { name: "Image" }).inputValue()).toBe("/a/b.png");
    expect(
      await picture
        .getByRole("group", { name: "Text layer" })
        .getByRole("textbox", { name: "Text", exact: true })
        .inputValue(),
    ).toBe("In");
    await page.getByRole("button", { name: "Move Image layer up" }).press("Enter");
    await expect.poll(() => text.inputValue()).toMatch(/^w-30,l-image,.*,l-end,l-end,l-text,i-Sold,l-end$/);
    await picture.getByRole("button", { name: "Choose" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "picture-20.jpg" }).click();
    await expect.poll(() => text.inputValue()).toContain("l-image,i-picture-20.jpg,");
    await page.getByRole("button", { name: "Remove Image layer" }).click();
    expect(await text.inputValue()).toBe("w-30,l-text,i-Sold,l-end");
  });

  test("has cards that are dragged, with a mouse and with a finger, and stay where they were on Escape", async () => {
    const { page, text } = await tryOut("w-30:w-20:w-10");
    const middleOf = async (locator: Locator) => {
      const { x = 0, y = 0, width = 0, height = 0 } = (await locator.boundingBox()) ?? {};
      return { x: x + width / 2, y: y + height / 2 };
    };
    const step = (n: number) => page.getByRole("group", { name: `Step ${n}`, exact: true });
    const grip = (n: number) => middleOf(step(n).getByTitle("Drag to reorder"));
    await page.setViewportSize({ width: 1280, height: 1600 });
    const drag = async (from: number, to: number) => {
      const [begin, end] = [await grip(from), await middleOf(step(to))];
      await page.mouse.move(begin.x, begin.y);
      await page.mouse.down();
      await page.mouse.move(end.x, end.y + (to > from ? 20 : -20), { steps: 4 });
      await page.locator("[data-drop]").waitFor();
    };
    await drag(1, 3);
    await page.mouse.up();
    await expect.poll(() => text.inputValue()).toBe("w-20:w-10:w-30");
    await drag(3, 2);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    expect([await text.inputValue(), await page.locator("[data-drop], [data-dragged]").count()]).toEqual([
      "w-20:w-10:w-30",
      0,
    ]);
    const session = await page.context().newCDPSession(page);
    const [begin, end] = [await grip(3), await middleOf(step(1))];
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: { x: number; y: number }[]) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints });
    await touch("touchStart", begin);
    await touch("touchMove", { x: begin.x, y: begin.y - 30 });
    await touch("touchMove", { x: end.x, y: end.y - 20 });
    await page.locator("[data-drop]").waitFor();
    await touch("touchEnd");
    await expect.poll(() => text.inputValue()).toBe("w-30:w-20:w-10");
  });

  test("has conditions as cards that keep their text", async () => {
    const { page, text } = await tryOut("if-w_gt_5,w-20:rt-90,if-else,w-4,if-end");
    const field = (name: string) => page.getByRole("group", { name: "Condition" }).getByRole("textbox", { name });
    expect(await field("Then").inputValue()).toBe("w-20:rt-90");
    await field("If").fill("h_gt_5");
    await field("Otherwise").fill("");
    expect(await text.inputValue()).toBe("if-h_gt_5,w-20:rt-90,if-end");
  });

  test("has branches that are typed key by key, and leave what stands around them alone", async () => {
    const { page, text } = await tryOut("if-w_gt_5,w-9,if-else,w-4,if-end:rt-90");
    const field = (name: string) => page.getByRole("group", { name: "Condition" }).getByRole("textbox", { name });
    await field("Then").fill("");
    await field("Then").pressSequentially("w-20,h-10:rt-90");
    expect(await text.inputValue()).toBe("if-w_gt_5,w-20,h-10:rt-90,if-else,w-4,if-end:rt-90");
    await field("Otherwise").fill("");
    await field("Otherwise").pressSequentially("l-text,i-a");
    expect(await field("Otherwise").getAttribute("aria-invalid")).toBe("true");
    expect(await text.inputValue()).toBe("if-w_gt_5,w-20,h-10:rt-90,if-else,l,if-end:rt-90");
    await field("Otherwise").pressSequentially(",l-end,");
    expect(await field("Otherwise").getAttribute("aria-invalid")).not.toBe("true");
    expect(await text.inputValue()).toBe("if-w_gt_5,w-20,h-10:rt-90,if-else,l-text,i-a,l-end,if-end:rt-90");
    await field("If").press("End");
    await field("If").pressSequentially(",w-9");
    expect(await text.inputValue()).toBe("if-w_gt_5,w-20,h-10:rt-90,if-else,l-text,i-a,l-end,if-end:rt-90");
    await field("Then").press("End");
    await field("Then").pressSequentially(",if-else");
    expect(await field("Then").getAttribute("aria-invalid")).toBe("true");
    expect(await field("Otherwise").inputValue()).toBe("l-text,i-a,l-end");
    await text.fill("if-w_gt_5,w-7,if-end");
    expect(await field("Then").inputValue()).toBe("w-7");
  });

  test("has other parameters that are typed key by key, and keep the focus", async () => {
    const { page, text } = await tryOut("w-30:zz-9");
    const field = page.getByRole("group", { name: "Step 2" }).getByRole("textbox", { name: "Other parameters" });
    await field.press("End");
    for (let left = "zz-9".length; left > 0; left--) await page.keyboard.press("Backspace");
    await page.keyboard.type("rx-1,ar-4:3,r-5");
    expect([await field.inputValue(), await text.inputValue()]).toEqual(["rx-1,ar-4:3,r-5", "w-30:rx-1,ar-4:3"]);
    await page.keyboard.press("Tab");
    await expect.poll(() => text.inputValue()).toBe("w-30:rx-1,ar-4:3,r-5");
    expect(await field.inputValue()).toBe("rx-1,ar-4:3");
  });
});

test("every view fits a small and a wide screen, dark and light, without a fault that axe finds", async () => {
  const found = await call(server.url, "GET", "/v1/files?name=picture-22.jpg");
  const { fileId } = found.body[0];
  const page = await openOnSmallScreen(browser, server.url);
  const views = [
    "library/",
    "library/?view=list",
    `library/?file=${fileId}`,
    "library/?q=nothing-like-it",
    "trash",
    "settings/usage",
    "settings/keys",
    "settings/fields",
    "settings/named",
    `playground?file=${fileId}&tr=w-30`,
    `playground?file=${fileId}&tr=w-30,l-text,i-a,l-end,l-text,i-b,l-end:if-w_gt_5,w-5,if-end`,
  ];
  const faults: string[] = [];
  for (const view of views) {
    await page.goto(`${server.url}/console/${view}`);
    await page.getByRole("heading").first().waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    const onScreens = await faultsOnScreens(page, page.getByRole("main"));
    faults.push(...onScreens.map((fault) => `${view}: ${fault}`));
  }
  expect(faults).toEqual([]);
});

test("at most 300 KB of scripts are loaded before the library shows, gzipped", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const scripts = new Map<string, Promise<Buffer>>();
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") scripts.set(response.url(), response.body());
  });
  await page.goto(`${server.url}/console/`);
  await signIn(page, keys);
  await cell(page, "picture-27.jpg").waitFor();
  // What is loaded later, for a first click on a file, doesn't count.
  page.removeAllListeners("response");
  const sizes = await Promise.all([...scripts.values()].map(async (body) => gzipSync(await body).length));
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
});
