import { join } from "node:path";
import { loadOptional } from "../../../load-optional.ts";
import { isOwnFolder, makeScratchFolder } from "../../../processes/scratch-folder.ts";

export type Fonts = typeof import("@sluice/fonts");

/** The fonts of the package, and where fontconfig may note what it has read of them. */
export interface InstalledFonts extends Fonts {
  /** The folder of this process. */
  readonly folder: string;
  /** Whoever reads the notes needn't read all fonts. */
  readonly notesFolder: string;
}

let installed: Promise<InstalledFonts> | undefined;

/**
 * Loads the package of fonts. It is names and places of files: no font is read here.
 * @throws MediaError EFONTS where the package isn't installed
 */
export async function installedFonts(): Promise<InstalledFonts> {
  installed ??= findFonts().catch((error: unknown) => {
    installed = undefined;
    throw error;
  });
  const fonts = await installed;
  if (await isOwnFolder(fonts.folder)) return fonts;
  // Whoever cleans the temporary files has removed the folder, and somebody else may have made one of its name.
  const again = { ...fonts, ...placesIn(await makeScratchFolder()) };
  installed = Promise.resolve(again);
  return again;
}

async function findFonts(): Promise<InstalledFonts> {
  const fonts = await loadOptional(() => import("@sluice/fonts"), "EFONTS", missingFonts);
  return { ...fonts, ...placesIn(await makeScratchFolder()) };
}

function placesIn(folder: string): Pick<InstalledFonts, "folder" | "notesFolder"> {
  return { folder, notesFolder: join(folder, "notes") };
}

const missingFonts = "Texts need the package @sluice/fonts: install it beside sluice";
