import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TextFont } from "../../plan/text-parameters.ts";
import { fontVariable } from "./font-variable.ts";
import { installedFonts } from "./installed-fonts.ts";

/** The fonts that another process writes with: those of the package and one of the library, and no others. */
export interface ProcessFonts {
  /** The path of fontconfig's configuration. */
  readonly configuration: string;
  /** The environment in which fontconfig reads it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The name of the family that a font has in the process. */
  familyOf(font: TextFont): string;
}

/**
 * Lays out the fonts for one process, for as long as a function takes. No account's font writes the text of another.
 * @param own the bytes of a font of the library, if there is one
 * @throws MediaError EFONTS where the package isn't installed; what the function throws
 */
export async function withFonts<Result>(
  own: Buffer | undefined,
  use: (fonts: ProcessFonts) => Promise<Result>,
): Promise<Result> {
  const { fontConfiguration, findFamily, ownFamily, folder: within, notesFolder } = await installedFonts();
  const folder = await mkdtemp(join(within, "text-"));
  try {
    const configuration = join(folder, "fonts.conf");
    const ownFolder = join(folder, "own");
    await mkdir(ownFolder);
    if (own !== undefined) await writeFile(join(ownFolder, "font"), own);
    const written = fontConfiguration(join(folder, "notes"), own === undefined ? undefined : ownFolder, notesFolder);
    await writeFile(configuration, written);
    return await use({
      configuration,
      environment: { [fontVariable]: configuration },
      familyOf: (font) =>
        font.kind === "file" && own !== undefined ? ownFamily : findFamily((font.kind === "family" && font.name) || ""),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
