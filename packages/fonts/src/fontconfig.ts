import { fallbacks, standardFamily } from "./families.ts";
import { fontFolders } from "./font-folders.ts";

/**
 * Writes a configuration for fontconfig that knows the fonts of this package and no others, so that a text looks alike
 * on every machine. What has been read stays as it is: the file and the cache may be removed after the first text.
 * @param cacheFolder where fontconfig notes what it finds in the font files
 */
export function fontConfiguration(cacheFolder: string): string {
  const last = [standardFamily, ...fallbacks.map(({ name }) => name)];
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    "<fontconfig>",
    "<config><rescan><int>0</int></rescan></config>",
    ...fontFolders().map((folder) => `<dir>${escaped(folder)}</dir>`),
    `<cachedir>${escaped(cacheFolder)}</cachedir>`,
    '<match target="pattern"><edit name="family" mode="append_last">',
    ...last.map((name) => `<string>${escaped(name)}</string>`),
    "</edit></match>",
    "</fontconfig>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
