import { join } from "node:path";
import sharp from "sharp";

// node scripts/screenshots/readme-picture.ts <folder of the screenshots> <picture>
// Combines two screenshots into one picture: a desktop in light mode and a phone in dark mode.

const [folder = "screenshots", target = "docs/images/uploader.png"] = process.argv.slice(2);

const height = 1402;
/** The areas around the element, in the screenshots' pixels. Each of the page's pixels is two of these. */
const desktop = { left: 540, top: 30, width: 1480, height };
const phone = { left: 0, top: 30, width: 720, height };
const cut = (name: string, area: typeof desktop): Promise<Buffer> =>
  sharp(join(folder, name)).extract(area).png().toBuffer();

await sharp({ create: { width: desktop.width + phone.width, height, channels: 3, background: "#fff" } })
  .composite([
    { input: await cut("uploader-mixed-desktop-light.png", desktop), left: 0, top: 0 },
    { input: await cut("uploader-mixed-phone-dark.png", phone), left: desktop.width, top: 0 },
  ])
  .png({ palette: true, quality: 90, effort: 10 })
  .toFile(target);
