import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { technical } from "../../packages/server/src/media/metadata/exif-entries.ts";
import { iptcEntries } from "../../packages/server/src/media/metadata/iptc-entries.ts";
import { nameOfTag } from "../../packages/server/src/media/metadata/tag-names.ts";
import { nameInAnswer } from "../../packages/server/src/media/metadata/xmp-names.ts";

const page = readFileSync("docs/metadata.md", "utf8");

/** The names in the list below a paragraph that ends with these words. */
function namesBelow(words: string): string[] {
  const [list = ""] = (page.split(`${words}:\n\n`)[1] ?? "").split("\n\n");
  return Array.from(list.matchAll(/`(\w+)`/g), ([, name = ""]) => name);
}

test("the page lists all properties of IPTC", () => {
  const datasets = Array.from({ length: 256 }, (_, dataset) => Buffer.from([0x1c, 2, dataset, 0, 2, 0x30, 0x31]));
  const names = iptcEntries(Buffer.concat(datasets)).map(([name]) => name);
  expect(names.length).toBeGreaterThan(30);
  expect(namesBelow("All properties of IPTC").sort()).toEqual(names.sort());
});

test("the usual properties of EXIF are names that EXIF is read by", () => {
  const tags = Array.from({ length: 0x1_0000 }, (_, tag) => tag);
  const names = new Set(
    (["image", "exif", "gps"] as const).flatMap((group) => tags.map((tag) => nameOfTag(group, tag))),
  );
  const listed = namesBelow("The usual properties of EXIF");
  expect(listed.length).toBeGreaterThan(30);
  expect(listed.filter((name) => !names.has(name) || technical.has(name))).toEqual([]);
});

test("the page's examples of XMP's names are right", () => {
  expect([nameInAnswer("", "title"), nameInAnswer("", "CreatorContactInfo")]).toEqual(["Title", "Creator"]);
  expect(nameInAnswer("Creator", "CiAdrCity")).toBe("CreatorCity");
});
