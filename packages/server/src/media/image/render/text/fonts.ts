import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { fontVariable } from "./font-variable.ts";
import { type InstalledFonts, installedFonts } from "./installed-fonts.ts";

let ready: Promise<void> | undefined;

/**
 * Has the image library know the fonts of the package and no others.
 * @throws MediaError EFONTS where the package isn't installed
 */
export async function readyFonts(): Promise<InstalledFonts> {
  const fonts = await installedFonts();
  ready ??= drawFirstText(fonts).catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  await ready;
  return fonts;
}

/**
 * The library reads the variable when it draws its first text, and never again. From then on it needs no file but the
 * fonts. The notes are for the processes that draw with other fonts.
 */
async function drawFirstText(fonts: InstalledFonts): Promise<void> {
  const before = process.env[fontVariable];
  try {
    const file = join(fonts.folder, "fonts.conf");
    await writeFile(file, fonts.fontConfiguration(fonts.notesFolder));
    process.env[fontVariable] = file;
    await sharp({ text: { text: "a", font: fonts.standardFamily } })
      .raw()
      .toBuffer();
  } finally {
    if (before === undefined) delete process.env[fontVariable];
    else process.env[fontVariable] = before;
  }
}
