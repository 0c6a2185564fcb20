import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { launchBrowser } from "../../acceptance/src/harness/browser.ts";
import { keys, startServer } from "../../acceptance/src/harness/server.ts";
import { uploadBasic } from "../../acceptance/src/harness/upload.ts";
import { photograph } from "./pictures.ts";

// node --conditions=sluice-source scripts/screenshots/console-picture.ts [docs/images/console.webp]
// Takes the documentation's pictures of the console: a library with the details of one picture, and the playground, each in
// light and in dark mode.

const { positionals } = parseArgs({ allowPositionals: true });
const [path = "docs/images/console.webp"] = positionals;

const server = await startServer({ flags: ["--trash-days", "7"] });
const browser = await launchBrowser({});
try {
  const picture = await photograph("balloon");
  const hues = Array.from({ length: 11 }, (_, index) => index * 30);
  for (const [index, hue] of hues.entries()) {
    const bytes = await sharp(picture).modulate({ hue }).jpeg().toBuffer();
    const fields = { fileName: `balloon-${index + 1}.jpg`, useUniqueFileName: "false", tags: "summer,sky" };
    await uploadBasic(server.url, bytes, fields);
  }
  for (const folder of ["campaigns", "people", "products", "places"]) {
    await uploadBasic(server.url, picture, { fileName: "balloon.jpg", folder: `/${folder}` });
  }
  for (const colorScheme of ["light", "dark"] as const) await takeAll(colorScheme);
} finally {
  await browser.close();
  await server.stop();
}

/** The names of the pictures in dark mode end with `-dark`. */
async function takeAll(colorScheme: "light" | "dark"): Promise<void> {
  const named = (what: string): string =>
    path.replace(/\.webp$/, `${what}${colorScheme === "dark" ? "-dark" : ""}.webp`);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
  page.setDefaultTimeout(60_000);
  await page.goto(`${server.url}/console/`);
  await page.getByRole("textbox", { name: "Public key" }).fill(keys.publicKey);
  await page.getByLabel("Private key", { exact: true }).fill(keys.privateKey);
  await page.keyboard.press("Enter");
  await page.getByRole("gridcell").filter({ hasText: "balloon-9.jpg" }).click();
  await page.getByRole("complementary", { name: "Details" }).getByText("summer").waitFor();
  await page.waitForLoadState("networkidle");
  await take(page, named(""));
  const file = new URL(page.url()).searchParams.get("file");
  const layer = "l-image,i-balloon-4.jpg,w-200,r-24,lfo-bottom_right,l-end";
  await page.goto(`${server.url}/console/playground?file=${file}&tr=w-720,h-540,fo-auto,${layer}:q-80,f-webp`);
  await page.getByRole("img", { name: "Transformed image" }).waitFor();
  await page.getByText("720 × 540").waitFor();
  await page.getByRole("group", { name: "Image layer" }).scrollIntoViewIfNeeded();
  await take(page, named("-playground"));
  await page.context().close();
}

async function take(page: Page, to: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500);
  await sharp(await page.screenshot())
    .webp({ quality: 80, effort: 6 })
    .toFile(to);
}
