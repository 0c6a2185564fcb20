import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fontFolders } from "@sluice/fonts";

/** The bytes of the first font of an npm package of `@expo-google-fonts`. */
export function fontNamed(name: string): Buffer {
  const folder = fontFolders().find((one) => one.includes(`/${name}/`)) ?? "";
  const [file = ""] = readdirSync(folder).filter((one) => one.endsWith(".ttf"));
  return readFileSync(join(folder, file));
}
