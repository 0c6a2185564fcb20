import exifr from "exifr";
import { pointers, type TagGroups } from "./read-tags.ts";

/** The library's names for the directories. */
const dictionaries = {
  image: "ifd0",
  thumbnail: "ifd1",
  exif: "exif",
  gps: "gps",
  interoperability: "interop",
} as const satisfies Record<keyof TagGroups, string>;

/** The pointers' names in the specification (docs/protocol/media-api.md §2.3). The library has other names for them. */
const ownNames: ReadonlyMap<number, string> = new Map([
  [pointers.exif, "ExifOffset"],
  [pointers.gps, "GPSInfo"],
  [pointers.interoperability, "InteropOffset"],
]);

/**
 * Tags that aren't metadata of EXIF's own: other kinds of metadata, manufacturers' secrets, padding, and the places of
 * a file's pixels and further directories.
 */
const leftOut: ReadonlySet<number> = new Set([
  0x0111, 0x0117, 0x0120, 0x0121, 0x0144, 0x0145, 0x014a, 0x0140, 0x015b, 0x02bc, 0x83bb, 0x8649, 0x8773, 0x927c,
  0xc634, 0xc4a5, 0xea1c, 0xea1d,
]);

/** @returns undefined for a tag that is unknown, or that says nothing about the picture */
export function nameOfTag(group: keyof TagGroups, tag: number): string | undefined {
  if (leftOut.has(tag)) return undefined;
  const names = exifr.tagKeys.get(dictionaries[group]);
  return (group === "image" || group === "exif" ? ownNames.get(tag) : undefined) ?? names?.get(tag);
}

/** The words that a number stands for; undefined if it is just a number. */
export function wordFor(group: keyof TagGroups, tag: number, value: number): string | undefined {
  if (group === "exif" && tag === colorSpaceTag) return colorSpaces[value];
  const words: unknown = exifr.tagValues.get(dictionaries[group])?.get(tag);
  if (typeof words !== "object" || words === null || !Object.hasOwn(words, value)) return undefined;
  return (words as Readonly<Record<number, string>>)[value];
}

const colorSpaceTag = 0xa001;
const colorSpaces: Readonly<Record<number, string>> = { 1: "sRGB", 2: "Adobe RGB", 65535: "Uncalibrated" };

const tagsByName = new Map(
  (["image", "exif"] as const).flatMap((group) =>
    [...(exifr.tagKeys.get(dictionaries[group]) ?? [])].map(([tag, name]) => [name, { group, tag }] as const),
  ),
);

/** The words that a number of a tag stands for. The tag is given by its name, as XMP has it. */
export function wordForName(name: string, value: number): string | undefined {
  const found = tagsByName.get(name);
  return found && wordFor(found.group, found.tag, value);
}
