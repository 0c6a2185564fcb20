import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launchBrowser } from "../../acceptance/src/harness/browser.ts";
import { startServer } from "../../acceptance/src/harness/server.ts";
import { openUploader, startUploaderApp } from "../../acceptance/src/harness/uploader-page.ts";
import { scenes } from "./uploader-states.ts";

// node --conditions=sluice-source scripts/screenshots/main.ts <folder> [--only running] [--font inter.woff2]
// Takes pictures of <sluice-uploader> while it uploads to a server: in each state, at two widths, light and dark.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, font: { type: "string" } },
});
const [folder = "screenshots"] = positionals;
await mkdir(folder, { recursive: true });

const screens = { desktop: { width: 1280, height: 760 }, phone: { width: 360, height: 780 } };
const css = `
  @font-face { font-family: Shown; src: url(/font); font-weight: 100 900 }
  :root { color-scheme: light dark; background: light-dark(#eef4f6, #0e1518) }
  body { margin: 0; padding: 40px 20px; font: 16px/1.5 Shown, system-ui, sans-serif }
  main { max-inline-size: 680px; margin: auto }`;

const server = await startServer();
const app = await startUploaderApp({
  server: server.url,
  head: '<link rel="stylesheet" href="/page.css">',
  assets: {
    "/page.css": { type: "text/css", body: css },
    "/font": { type: "font/woff2", body: values.font === undefined ? "" : await readFile(values.font) },
  },
  pages: {
    "/": `<sluice-uploader multiple folders accept="image/*,video/*,.pdf" max-size="8MB" max-files="20" resumable-from="5MB"
      aria-label="Photos"
      endpoint="${server.url}" token-endpoint="/upload-token"></sluice-uploader>`,
  },
  policy: (fileName) =>
    fileName?.startsWith("cit")
      ? Response.json(
          { message: "Your session has ended. Please sign in again.", reason: "NO_SESSION" },
          { status: 401 },
        )
      : { allow: ["fileName"] },
});
const browser = await launchBrowser({});
try {
  for (const [state, scene] of Object.entries(scenes)) {
    if (values.only !== undefined && values.only !== state) continue;
    for (const [screen, viewport] of Object.entries(screens)) {
      for (const colorScheme of ["light", "dark"] as const) {
        const isMobile = screen === "phone";
        const options = { viewport, colorScheme, isMobile, hasTouch: isMobile, deviceScaleFactor: 2 };
        const { page, uploader } = await openUploader(browser, app.url, options);
        page.setDefaultTimeout(30_000);
        await scene(page, uploader);
        await page.mouse.move(0, 0);
        await page.evaluate(async () => {
          const root = document.querySelector("sluice-uploader")?.shadowRoot;
          const end = root?.querySelector(".list")?.getBoundingClientRect().bottom ?? 0;
          // Pictures below the list's end are not loaded until somebody scrolls there.
          const seen = [...(root?.querySelectorAll("img") ?? [])].filter(
            (picture) => picture.getBoundingClientRect().top < Math.min(end, innerHeight),
          );
          await Promise.all([document.fonts.ready, ...seen.map((picture) => picture.decode())]);
        });
        await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
        await page.screenshot({ path: join(folder, `uploader-${state}-${screen}-${colorScheme}.png`) });
        await page.context().close();
      }
    }
  }
} finally {
  await browser.close();
  await app.close();
  await server.stop();
}
