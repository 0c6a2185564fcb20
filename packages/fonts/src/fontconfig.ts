import { fallbacks, standardFamily } from "./families.ts";
import { fontFolders } from "./font-folders.ts";

/** The family of a font that is none of this package's. Its file needn't say what it is called. */
export const ownFamily = "Sluice Own";

/**
 * Writes a configuration for fontconfig that knows the fonts of this package and no others, so that a text looks alike
 * on every machine. What has been read stays as it is: the file and the cache may be removed after the first text.
 * @param cacheFolder where fontconfig notes what it finds in the font files
 * @param ownFolder a folder with one more font, which gets the name `ownFamily` whatever it calls itself
 * @param notesFolder another folder with such notes, which are read and never written
 */
export function fontConfiguration(cacheFolder: string, ownFolder?: string, notesFolder?: string): string {
  const last = [standardFamily, ...fallbacks.map(({ name }) => name)];
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    "<fontconfig>",
    "<config><rescan><int>0</int></rescan></config>",
    ...fontFolders().map((folder) => `<dir>${escaped(folder)}</dir>`),
    `<cachedir>${escaped(cacheFolder)}</cachedir>`,
    // Fontconfig writes into the first folder, and reads all of them.
    ...(notesFolder === undefined ? [] : [`<cachedir>${escaped(notesFolder)}</cachedir>`]),
    ...(ownFolder === undefined ? [] : ownFont(ownFolder)),
    '<match target="pattern"><edit name="family" mode="append_last">',
    ...last.map((name) => `<string>${escaped(name)}</string>`),
    "</edit></match>",
    "</fontconfig>",
    "",
  ].join("\n");
}

/** A font is taken as it is, whichever style is asked for. */
function ownFont(folder: string): readonly string[] {
  return [
    `<dir>${escaped(folder)}</dir>`,
    '<match target="scan">',
    `<test name="file" compare="contains"><string>${escaped(folder)}/</string></test>`,
    `<edit name="family" mode="assign"><string>${ownFamily}</string></edit>`,
    '<edit name="weight" mode="assign"><const>regular</const></edit>',
    '<edit name="slant" mode="assign"><const>roman</const></edit>',
    "</match>",
  ];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
