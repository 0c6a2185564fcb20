import { existsSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { fallbacks, families } from "./families.ts";

/** The packages have a folder for each style. The other weights that they have aren't used. */
const styles = ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"];

/** The folders with the font files, of which each style has one. */
export function fontFolders(): readonly string[] {
  return [...families, ...fallbacks].flatMap(({ from }) => foldersOf(`@expo-google-fonts/${from}`));
}

function foldersOf(name: string): readonly string[] {
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined) throw new Error(`${name} is not installed`);
  const root = dirname(manifest);
  const folders = styles.map((style) => join(root, style)).filter((folder) => existsSync(folder));
  // Two packages have their files side by side.
  return folders.length > 0 ? folders : [root];
}
