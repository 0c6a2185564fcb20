import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { cellOf, faultsOnScreens, focused, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { jpeg, pdf } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

const hostileTag = `"] OR name EXISTS <img src=x onerror=globalThis.hacked=1>`;
const hostileText = "<script>globalThis.hacked = 1</script>\nconst secret = 1;";
const hostileSvg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="globalThis.hacked=1"><script>globalThis.hacked = 1</script><rect width="40" height="40"/></svg>`;
/** Three pages, of which the second one is missing. */
const paper = pdf([60, 40], undefined, [50, 100]);

let server: RunningServer;
let browser: Browser;
let ids: Record<"draft" | "hidden" | "code" | "drawing" | "sky" | "paper" | "copy", string>;

beforeAll(async () => {
  server = await startServer({ flags: ["--trash-days", "7"] });
  browser = await launchBrowser();
  const upload = async (fileName: string, content: string | Buffer, more: Record<string, string> = {}) => {
    const answer = await uploadBasic(server.url, content, { fileName, useUniqueFileName: "false", ...more });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.fileId as string;
  };
  const custom = { name: "brand", label: "Brand", schema: { type: "SingleSelect", selectOptions: ["Acme", "Zenith"] } };
  await call(server.url, "POST", "/v1/customMetadataFields", { body: custom });
  ids = {
    draft: await upload("draft.jpg", await jpeg(600, 400), { isPublished: "false" }),
    hidden: await upload("hidden.jpg", await jpeg(300, 200), { isPrivateFile: "true" }),
    code: await upload("code.js", hostileText, { isPrivateFile: "true" }),
    drawing: await upload("drawing.svg", hostileSvg, { isPrivateFile: "true", isPublished: "false" }),
    sky: await upload("sky.jpg", await jpeg(800, 400), { tags: `summer,sunset,${hostileTag}` }),
    paper: await upload("paper.pdf", paper, { isPrivateFile: "true" }),
    copy: await upload("copy.jpg", await jpeg(800, 400), { customMetadata: '{"brand":"Acme"}' }),
  };
  await upload("hidden.jpg", await jpeg(310, 200), { isPrivateFile: "true" });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const detailsOf = (page: Page) => page.getByRole("complementary", { name: "Details" });
const field = (page: Page) => page.getByRole("combobox", { name: "Search library" });
const query = (page: Page) => new URL(page.url()).searchParams.get("q");

/** The width of the picture that an element shows, once it is loaded. */
async function shownWidth(page: Page, selector: string): Promise<number> {
  const picture = page.locator(selector);
  await picture.waitFor();
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).complete)).toBe(true);
  return picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
}

describe("previews", () => {
  test("show drafts and private files, their pixels and their text, and run nothing of them", async () => {
    const { page, problems } = await openConsole(browser, server.url, `library/?file=${ids.draft}`);
    expect(await shownWidth(page, "aside img")).toBe(600);
    await expect.poll(() => shownWidth(page, '[role="gridcell"]:has-text("draft.jpg") img')).toBeGreaterThan(0);
    await page.goto(`${server.url}/console/library/?file=${ids.hidden}`);
    await detailsOf(page).getByRole("button", { name: "Actual size" }).press("Enter");
    expect(await shownWidth(page, "aside img[data-whole]")).toBe(310);
    await page.goto(`${server.url}/console/library/?file=${ids.code}`);
    await detailsOf(page).getByText("const secret = 1;").waitFor();
    await page.goto(`${server.url}/console/library/?file=${ids.drawing}`);
    expect(await shownWidth(page, "aside img")).toBe(40);
    const [drawing] = await Promise.all([
      page.waitForEvent("popup"),
      detailsOf(page).getByRole("link", { name: "Open" }).click(),
    ]);
    await drawing.waitForLoadState();
    for (const opened of [page, drawing]) {
      expect(await opened.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
    }
    expect(problems).toEqual([]);
  });

  test("of a PDF are its pages, up to the last one, past one that can't be drawn", async () => {
    const { page } = await openConsole(browser, server.url, `library/?file=${ids.paper}`);
    const next = detailsOf(page).getByRole("button", { name: "Next page" });
    await detailsOf(page).getByRole("img", { name: "Page 1 of paper.pdf" }).waitFor();
    expect(await shownWidth(page, "aside img")).toBe(120);
    await next.click();
    await detailsOf(page).getByText("Couldn't show this page.").waitFor();
    await next.click();
    await detailsOf(page).getByRole("img", { name: "Page 3 of paper.pdf" }).waitFor();
    expect(await shownWidth(page, "aside img")).toBe(100);
    await next.click();
    await expect.poll(() => next.isDisabled()).toBe(true);
    await detailsOf(page).getByRole("img", { name: "Page 3 of paper.pdf" }).waitFor();
  });

  test("of private files are thumbnails for a key that may only read", async () => {
    const { body } = await call(server.url, "POST", "/_sluice/keys", { body: { role: "read" } });
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${server.url}/console/library/?file=${ids.hidden}`);
    await page.getByRole("textbox", { name: "Public key" }).fill(body.publicKey);
    await page.getByLabel("Private key", { exact: true }).fill(body.privateKey);
    await page.keyboard.press("Enter");
    await detailsOf(page).getByText("visible only with full access").waitFor();
    expect(await detailsOf(page).getByText("Temporary signed URL").count()).toBe(0);
    await detailsOf(page).getByText("Version 1").waitFor();
    expect(await detailsOf(page).getByRole("button", { name: "Compare" }).count()).toBe(0);
    await detailsOf(page).getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Duplicates" }).waitFor();
    expect(await page.getByRole("menuitem", { name: "ZIP" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await cellOf(page, "hidden.jpg").getByRole("checkbox").check({ force: true });
    expect(await page.getByRole("toolbar").getByRole("button", { name: "Download" }).isDisabled()).toBe(true);
    expect(asked.filter((path) => path.startsWith("/_sluice/") && !path.includes("console"))).toEqual([]);
  });

  test("come with snippets that are signed for a while", async () => {
    const { page } = await openConsole(browser, server.url, `library/?file=${ids.hidden}`);
    const snippet = detailsOf(page).locator("pre").last();
    await expect.poll(() => snippet.textContent()).toContain("ik-s=");
    const url = String(await snippet.textContent());
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace(/&ik-t.*/, ""))).status).toBe(401);
    await detailsOf(page).getByRole("combobox", { name: "Expires after" }).selectOption("1 week");
    await expect
      .poll(async () => Number(/ik-t=(\d+)/.exec(String(await snippet.textContent()))?.[1]))
      .toBeGreaterThan(Date.now() / 1000 + 6 * 86_400);
    await detailsOf(page).getByRole("switch", { name: "Temporary signed URL" }).uncheck({ force: true });
    await expect.poll(() => snippet.textContent()).not.toContain("ik-s=");
  });
});

describe("the search field", () => {
  test("completes fields, operators, tags and values by keyboard, and says so to those who can't see it", async () => {
    const { page } = await openConsole(browser, server.url, "library/");
    await page.keyboard.press("/");
    await page.keyboard.type("ta");
    const list = page.getByRole("listbox", { name: "Suggestions" });
    await list.waitFor();
    expect(await field(page).getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("ArrowDown");
    const active = String(await field(page).getAttribute("aria-activedescendant"));
    expect(await page.locator(`[id="${active}"]`).textContent()).toContain("Tags");
    await page.keyboard.press("Enter");
    await expect.poll(() => field(page).inputValue()).toBe("tags ");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.type("sun");
    await list.getByRole("option", { name: "sunset" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.type("]");
    await page.keyboard.press("Enter");
    await expect.poll(() => query(page)).toBe('tags IN ["sunset"]');
    await cellOf(page, "sky.jpg").waitFor();
    await expect.poll(() => page.getByRole("gridcell").count()).toBe(1);
    await field(page).fill("never searched for");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await field(page).inputValue()).toBe("");
    await expect.poll(() => query(page)).toBe(null);
    expect(await field(page).evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test("writes the query by filters, whose texts stay texts whatever is in them", async () => {
    const { page } = await openConsole(browser, server.url, "library/");
    await page.getByRole("button", { name: "Filters" }).click();
    const filter = (name: string) => page.getByRole("toolbar", { name: "Filters" }).getByRole("button", { name });
    await filter("Visibility").click();
    await page.getByRole("radio", { name: "Private" }).click();
    await expect.poll(() => query(page)).toBe("private = true");
    await cellOf(page, "code.js").waitFor();
    await filter("Visibility").click();
    await page.getByRole("radio", { name: "Drafts" }).click();
    await expect.poll(() => query(page)).toBe("published = false");
    await filter("Visibility").click();
    await page.getByRole("radio", { name: "Any" }).click();
    await expect.poll(() => query(page)).toBe(null);
    await filter("Tags").click();
    await page.getByRole("checkbox", { name: hostileTag }).check();
    await cellOf(page, "sky.jpg").waitFor();
    await expect.poll(() => page.getByRole("gridcell").count()).toBe(1);
    await page.getByRole("checkbox", { name: hostileTag }).uncheck();
    await page.keyboard.press("Escape");
    await filter("Brand").click();
    await page.getByRole("checkbox", { name: "Acme" }).check();
    await expect.poll(() => query(page)).toBe('"customMetadata.brand" IN ["Acme"]');
    await cellOf(page, "copy.jpg").waitFor();
    await expect.poll(() => page.getByRole("gridcell").count()).toBe(1);
  });

  test("leads to files like one, from the selection as well, and back", async () => {
    const { page } = await openConsole(browser, server.url, "library/");
    await cellOf(page, "sky.jpg").getByRole("checkbox").check({ force: true });
    await page.getByRole("toolbar").getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Duplicates" }).click();
    await page.getByText("Duplicates of sky.jpg").waitFor();
    await expect.poll(() => page.getByRole("gridcell").count()).toBe(2);
    await page.reload();
    await page.getByText("Duplicates of sky.jpg").waitFor();
    await page.getByRole("button", { name: "Back to folder" }).click();
    await cellOf(page, "code.js").waitFor();
  });
});

describe("details", () => {
  test("take a focus area by mouse, by keyboard and by numbers, and let it go", async () => {
    const { page } = await openConsole(browser, server.url, `library/?file=${ids.draft}`);
    const stored = async () =>
      (await call(server.url, "GET", `/v1/files/${ids.draft}/details`)).body.customCoordinates as string | null;
    await detailsOf(page).getByRole("button", { name: "Draw" }).click();
    const dialog = page.getByRole("dialog", { name: "Focus area" });
    const stage = dialog.getByRole("group", { name: "Image with focus area" });
    await stage.locator("img").waitFor();
    expect(await shownWidth(page, "[role=dialog] img")).toBe(600);
    const { x = 0, y = 0, width = 0, height = 0 } = (await stage.boundingBox()) ?? {};
    await page.mouse.move(x + width / 4, y + height / 4);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => dialog.getByLabel("Left").inputValue()).toBe("150");
    expect(await dialog.getByLabel("Height").inputValue()).toBe("100");
    await stage.press("ArrowRight");
    await stage.press("Shift+ArrowDown");
    await dialog.getByLabel("Top").fill("90");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect.poll(stored).toBe("162,90,150,112");
    await detailsOf(page).getByText("150 × 112 at 162, 90").waitFor();
    await detailsOf(page).getByRole("button", { name: "Edit" }).click();
    await stage.waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.count()).toBe(0);
    await expect.poll(() => focused(page)).toBe("Edit");
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await expect.poll(stored).toBe(null);
  });

  test("compare an earlier version with the current one by a slider", async () => {
    const { page } = await openConsole(browser, server.url, `library/?file=${ids.hidden}`);
    await detailsOf(page).getByRole("button", { name: "Compare: Version 1" }).press("Enter");
    const slider = page.getByRole("slider", { name: "Position of the divider" });
    await slider.press("End");
    expect(await slider.getAttribute("aria-valuetext")).toBe("100% Version 1");
    expect(await page.getByRole("img", { name: "Version 1" }).evaluate((image) => image.style.clipPath)).toContain(
      "0%",
    );
    expect(await shownWidth(page, '[role=dialog] img[alt="Version 1"]')).toBe(300);
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("Compare: Version 1");
  });

  test("complete tags", async () => {
    const { page } = await openConsole(browser, server.url, `library/?file=${ids.copy}`);
    const tags = detailsOf(page).getByRole("combobox", { name: "Add a tag" });
    await tags.pressSequentially("sum");
    await page.getByRole("option", { name: "summer" }).waitFor();
    await tags.press("ArrowDown");
    await tags.press("Enter");
    await detailsOf(page).getByRole("button", { name: "Remove tag summer" }).waitFor();
    expect((await call(server.url, "GET", `/v1/files/${ids.copy}/details`)).body.tags).toEqual(["summer"]);
    await tags.press("Backspace");
    await expect
      .poll(async () => (await call(server.url, "GET", `/v1/files/${ids.copy}/details`)).body.tags)
      .toBe(null);
  });

  test("keep a dialog open while Escape closes its suggestions, and give the keyboard back behind it", async () => {
    const { page } = await openConsole(browser, server.url, "library/");
    await cellOf(page, "copy.jpg").getByRole("checkbox").check({ force: true });
    await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).press("Enter");
    const dialog = page.getByRole("dialog");
    // Suggestions for a shorter beginning come after the list was closed, and don't open it again.
    const late = Promise.withResolvers<void>();
    const shorter = /\/v1\/files\/tags\?beginning=s(&|$)/;
    await page.route(shorter, (route) => late.promise.then(() => route.continue()));
    await dialog.getByRole("combobox").pressSequentially("su");
    await page.getByRole("option", { name: "summer" }).waitFor();
    const asked = page.waitForRequest(shorter);
    await dialog.getByRole("combobox").press("Backspace");
    await asked;
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("option").count()).toBe(0);
    const suggested = page.waitForResponse(shorter);
    late.resolve();
    await (await suggested).finished();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await page.getByRole("option").count()).toBe(0);
    expect(await dialog.getByRole("combobox").inputValue()).toBe("s");
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.count()).toBe(0);
    await expect.poll(() => focused(page)).toBe("Tags");
  });

  test("put a tag that was refused back into its field", async () => {
    const { page } = await openConsole(browser, server.url, `library/?file=${ids.copy}`);
    const tags = detailsOf(page).getByRole("combobox", { name: "Add a tag" });
    await page.route("**/v1/files/addTags", (route) => route.fulfill({ status: 400, json: { message: "No." } }));
    await tags.fill("a long tag");
    await tags.press("Enter");
    await page.getByText("No.").waitFor();
    await expect.poll(() => tags.inputValue()).toBe("a long tag");
  });
});

test("a finger that stays on a file selects it, and a tap opens it", async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const { page } = await openConsole(browser, server.url, "library/", phone);
  const cell = cellOf(page, "sky.jpg");
  const { x = 0, y = 0, width = 0, height = 0 } = (await cell.boundingBox()) ?? {};
  const point = { x: x + width / 2, y: y + height / 2 };
  const session = await page.context().newCDPSession(page);
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await page.getByText("1 item selected").waitFor();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.getByText("1 item selected").waitFor();
  await page.getByRole("button", { name: "Clear selection" }).tap();
  await cell.tap();
  await detailsOf(page).waitFor();
});

test("what opens over the library fits a small and a wide screen, dark and light, without a fault that axe finds", async () => {
  const page = await openOnSmallScreen(browser, server.url);
  const faults: string[] = [];
  const look = async (view: string, shown: Locator) => {
    const found = await faultsOnScreens(page, shown);
    faults.push(...found.map((fault) => `${view}: ${fault}`));
  };
  await field(page).fill("tags IN [s");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await look("the completed search", page.getByRole("option").first());
  await page.goto(`${server.url}/console/library/?file=${ids.hidden}`);
  await detailsOf(page).getByRole("button", { name: "Draw" }).click();
  await look("the focus area", page.getByRole("dialog").locator("img"));
  await page.keyboard.press("Escape");
  await detailsOf(page).getByRole("button", { name: "Compare: Version 1" }).click();
  await look("the comparison", page.getByRole("slider"));
  await page.goto(`${server.url}/console/library/?file=${ids.code}`);
  await look("a text", detailsOf(page).getByText("const secret = 1;"));
  await page.goto(`${server.url}/console/library/?duplicates=${ids.sky}`);
  await look("duplicates", page.getByRole("button", { name: "Back to folder" }));
  expect(faults).toEqual([]);
});
