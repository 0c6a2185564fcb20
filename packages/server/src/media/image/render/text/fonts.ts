import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { loadOptional } from "../../../load-optional.ts";
import { isOwnFolder, makeScratchFolder } from "../../../processes/scratch-folder.ts";
import { fontVariable } from "./font-variable.ts";

export type Fonts = typeof import("@sluice/fonts");

/** The fonts, and what fontconfig has noted of them. */
export interface ReadyFonts extends Fonts {
  /** The folder of this process. */
  readonly folder: string;
  /** Whoever reads the notes needn't read all fonts. */
  readonly notesFolder: string;
}

let ready: Promise<ReadyFonts> | undefined;

/**
 * Loads the package of fonts, and has the image library know these fonts and no others.
 * @throws MediaError EFONTS where the package isn't installed
 */
export async function readyFonts(): Promise<ReadyFonts> {
  ready ??= prepareFonts().catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  const fonts = await ready;
  if (await isOwnFolder(fonts.folder)) return fonts;
  // Whoever cleans the temporary files has removed the folder, and somebody else may have made one of its name.
  const again = { ...fonts, ...placesIn(await makeScratchFolder()) };
  ready = Promise.resolve(again);
  return again;
}

async function prepareFonts(): Promise<ReadyFonts> {
  const fonts = await loadOptional(() => import("@sluice/fonts"), "EFONTS", missingFonts);
  const places = placesIn(await makeScratchFolder());
  const before = process.env[fontVariable];
  try {
    const file = join(places.folder, "fonts.conf");
    await writeFile(file, fonts.fontConfiguration(places.notesFolder));
    // The library reads the variable when it draws its first text, and never again. From then on it needs no file but
    // the fonts. The notes are for the processes that draw with other fonts.
    process.env[fontVariable] = file;
    await sharp({ text: { text: "a", font: fonts.standardFamily } })
      .raw()
      .toBuffer();
  } finally {
    if (before === undefined) delete process.env[fontVariable];
    else process.env[fontVariable] = before;
  }
  return { ...fonts, ...places };
}

function placesIn(folder: string): Pick<ReadyFonts, "folder" | "notesFolder"> {
  return { folder, notesFolder: join(folder, "notes") };
}

const missingFonts = "Texts need the package @sluice/fonts: install it beside sluice";
