import exifr from "exifr";
import { exifPointers as pointers } from "../formats/exif.ts";
import { withoutEnd } from "./embedded-value.ts";
import type { TagGroups, TagValue } from "./read-tags.ts";

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

const userCommentTag = 0x9286;
const processingMethodTag = 0x001b;
const areaInformationTag = 0x001c;
const windowsTags = { first: 0x9c9b, last: 0x9c9f } as const;

/** The text of the tags that Windows writes, which are bytes of UTF-16; undefined for others. */
export function windowsText(tag: number, value: TagValue): string | undefined {
  if (tag < windowsTags.first || tag > windowsTags.last || typeof value !== "object") return undefined;
  return withoutEnd(Buffer.from(value).toString("utf16le"));
}

/** The text of the tags that begin with the name of a character set; undefined for others. */
export function userComment(tag: number, value: TagValue): string | undefined {
  if (tag !== userCommentTag && tag !== processingMethodTag && tag !== areaInformationTag) return undefined;
  if (typeof value !== "string") return undefined;
  const text = value.slice(8);
  const bytes = Buffer.from(text, "latin1");
  // The order of the bytes isn't stated. A text in Latin letters begins with a zero in one order, and not in the other.
  if (value.startsWith("UNICODE\0")) return withoutEnd((bytes[0] === 0 ? swapped(bytes) : bytes).toString("utf16le"));
  if (/^(?:ASCII\0{3}|JIS\0{5}|\0{8})/.test(value)) return withoutEnd(text);
  return withoutEnd(value);
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

type NamedTags = Readonly<Record<string, TagValue>>;

/** The raw EXIF values by their names. A group without values is there, but empty (docs/protocol/media-api.md §2.3). */
type ExifGroups = { readonly [Group in keyof TagGroups]: NamedTags } & {
  /** Always empty: the data that manufacturers keep there is documented nowhere. */
  readonly makernote: NamedTags;
};

export function exifGroups(groups: TagGroups | undefined): ExifGroups {
  const named = (group: keyof TagGroups) => namedTags(group, groups);
  return {
    image: named("image"),
    thumbnail: named("thumbnail"),
    exif: named("exif"),
    gps: named("gps"),
    interoperability: named("interoperability"),
    makernote: {},
  };
}

function namedTags(group: keyof TagGroups, groups: TagGroups | undefined): NamedTags {
  const named = new Map<string, TagValue>();
  for (const [tag, value] of groups?.[group] ?? []) {
    const name = nameOfTag(group, tag);
    if (name !== undefined && !named.has(name))
      named.set(name, windowsText(tag, value) ?? userComment(tag, value) ?? value);
  }
  return Object.fromEntries(named);
}
