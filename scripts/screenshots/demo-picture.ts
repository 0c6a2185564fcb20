import { parseArgs } from "node:util";
import sharp from "sharp";
import { launchBrowser } from "../../acceptance/src/harness/browser.ts";
import { chooseFiles, openDemo, pictureWidth, storedUrl } from "../../acceptance/src/harness/demo-page.ts";
import { startServer } from "../../acceptance/src/harness/server.ts";
import { photograph } from "./pictures.ts";

// node --conditions=sluice-source scripts/screenshots/demo-picture.ts [docs/images/demo.webp]
// Takes the documentation's pictures of the demo page, after an upload to a server, in light and in dark mode.

const { positionals } = parseArgs({ allowPositionals: true });
const [path = "docs/images/demo.webp"] = positionals;

const server = await startServer();
const browser = await launchBrowser({});
try {
  const viewport = { width: 1100, height: 700 };
  for (const colorScheme of ["light", "dark"] as const) {
    const { page } = await openDemo(browser, server, { viewport, colorScheme });
    page.setDefaultTimeout(60_000);
    await chooseFiles(page, { name: "balloon.jpg", buffer: await photograph("balloon") });
    await storedUrl(page, "balloon.jpg");
    await pictureWidth(page);
    await page.mouse.move(0, 0);
    await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
    await sharp(await page.screenshot())
      .webp({ quality: 80, effort: 6 })
      .toFile(colorScheme === "dark" ? path.replace(/\.webp$/, "-dark.webp") : path);
    await page.context().close();
  }
} finally {
  await browser.close();
  await server.stop();
}
