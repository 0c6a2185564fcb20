import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { expect, test } from "vitest";
import { fallbacks, families } from "./families.ts";
import { fontFolders } from "./font-folders.ts";
import { fontConfiguration, ownFamily } from "./fontconfig.ts";

const fontFiles = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".ttf"));

test("every family and every fallback has fonts, and no more than four styles", () => {
  const files = new Map<string, number>();
  for (const folder of fontFolders()) {
    const root = /^\d00/.test(basename(folder)) ? dirname(folder) : folder;
    files.set(basename(root), (files.get(basename(root)) ?? 0) + fontFiles(folder).length);
  }
  expect([...files.keys()].sort()).toEqual([...families, ...fallbacks].map(({ from }) => from).sort());
  for (const [name, count] of files) expect(count, name).toBeOneOf([1, 2, 3, 4]);
});

/** The families of which docs/protocol/transformations.md §6.2 says that they are bold and italic as well. */
const styled = ["amaranth", "arvo", "chivo", "crimson-text", "exo", "kanit", "lato", "lora", "montserrat", "open-sans"];
const further = ["pt-serif", "roboto", "ubuntu", "vollkorn"];

test.each([...styled, ...further])("%s is there in bold, in italics and in both", (name) => {
  const own = fontFolders().filter((folder) => basename(dirname(folder)) === name);
  expect(own.map((folder) => basename(folder))).toEqual([
    "400Regular",
    "400Regular_Italic",
    "700Bold",
    "700Bold_Italic",
  ]);
});

test("the configuration names each folder, and nothing of the machine", () => {
  const text = fontConfiguration("/tmp/a & b");
  const folders = [...text.matchAll(/<dir>(.*?)<\/dir>/g)].map(([, folder]) => folder);
  expect(folders).toEqual(fontFolders().map((folder) => folder.replaceAll("&", "&amp;")));
  expect(text).toContain("<cachedir>/tmp/a &amp; b</cachedir>");
  expect(text).not.toContain("<include");
  expect(text).not.toContain(ownFamily);
});

test("a font of somebody else's is known by one name, whatever it calls itself", () => {
  const text = fontConfiguration("/tmp/cache", "/tmp/<own>");
  expect(text).toContain("<dir>/tmp/&lt;own&gt;</dir>");
  expect(text).toContain("<string>/tmp/&lt;own&gt;/</string>");
  expect(text).toContain(`<edit name="family" mode="assign"><string>${ownFamily}</string></edit>`);
});
