import { isoFromExif } from "./dates.ts";
import { type EmbeddedEntry, type EmbeddedValue, rounded } from "./embedded-value.ts";
import type { TagGroups, Tags, TagValue } from "./read-tags.ts";
import { nameOfTag, userComment, windowsText, wordFor } from "./tag-names.ts";

/**
 * Converts EXIF for people to read: words for numbers, dates in ISO 8601, places in degrees
 * (docs/protocol/media-api.md §2.1).
 */
export function exifEntries({ image, exif, gps }: TagGroups): EmbeddedEntry[] {
  return [...entriesOf("image", image, exif), ...entriesOf("exif", exif, exif), ...entriesOf("gps", gps, exif)];
}

function entriesOf(group: keyof TagGroups, tags: Tags, exif: Tags): EmbeddedEntry[] {
  const entries: EmbeddedEntry[] = [];
  for (const [tag, raw] of tags) {
    const name = nameOfTag(group, tag);
    if (name === undefined || technical.has(name)) continue;
    const value = readable(group, tag, raw, { own: tags, exif });
    if (value !== undefined && value !== "") entries.push([name, value]);
  }
  return entries;
}

/** Tags that describe how the file is laid out, and say nothing about the picture. */
export const technical: ReadonlySet<string> = new Set([
  "ImageWidth",
  "ImageHeight",
  "BitsPerSample",
  "Compression",
  "PhotometricInterpretation",
  "PlanarConfiguration",
  "Predictor",
  "ReferenceBlackWhite",
  "RowsPerStrip",
  "SampleFormat",
  "SamplesPerPixel",
  "TileLength",
  "TileWidth",
  "YCbCrCoefficients",
  "YCbCrPositioning",
  "YCbCrSubSampling",
  "ExifOffset",
  "GPSInfo",
  "InteropOffset",
]);

interface Surroundings {
  /** The tags of the same directory. */
  readonly own: Tags;
  readonly exif: Tags;
}

type Reading = (value: TagValue, around: Surroundings) => EmbeddedValue | undefined;

const text = (value: TagValue | undefined): string | undefined => (typeof value === "string" ? value : undefined);
const date =
  (zoneTag: number, fractionTag: number): Reading =>
  (value, { exif }) =>
    isoFromExif(text(value) ?? "", text(exif.get(zoneTag)), text(exif.get(fractionTag)));
/** Converts degrees, minutes and seconds to signed degrees. */
const degrees =
  (referenceTag: number, negative: string): Reading =>
  (value, { own }) => {
    if (typeof value !== "object") return undefined;
    const [whole = 0, minutes = 0, seconds = 0] = value;
    const angle = rounded(whole + minutes / 60 + seconds / 3600);
    return text(own.get(referenceTag))?.startsWith(negative) ? -angle : angle;
  };
const codes: Reading = (value) =>
  typeof value === "string" ? [...value].map((code) => components[code.charCodeAt(0)] ?? "?").join(",") : undefined;
/** Reads a byte that stands for one number. */
const code =
  (tag: number): Reading =>
  (value) =>
    typeof value === "string" && value.length === 1 ? wordFor("exif", tag, value.charCodeAt(0)) : undefined;

const components = ["-", "Y", "Cb", "Cr", "R", "G", "B"];

const readings: { readonly [Group in keyof TagGroups]?: Readonly<Record<number, Reading>> } = {
  image: { 306: date(0x9010, 0x9290) },
  exif: {
    36867: date(0x9011, 0x9291),
    36868: date(0x9012, 0x9292),
    37121: codes,
    41728: code(0xa300),
    41729: code(0xa301),
    // The colour filter array is a matrix of bytes, so it is left out.
    41730: () => undefined,
  },
  gps: {
    0: (value) => (typeof value === "object" ? value.join(".") : undefined),
    2: degrees(0x0001, "S"),
    4: degrees(0x0003, "W"),
    // A reference of 1 means an altitude below the sea.
    6: (value, { own }) => (typeof value === "number" && own.get(0x0005) === 1 ? -value : plain(value)),
    7: (value) => (typeof value === "object" ? value.map(clockDigits).join(":") : undefined),
    20: degrees(0x0013, "S"),
    22: degrees(0x0015, "W"),
    29: (value) => text(value)?.replace(/^(\d{4}):(\d\d):(\d\d)$/, "$1-$2-$3"),
  },
};

function readable(
  group: keyof TagGroups,
  tag: number,
  value: TagValue,
  around: Surroundings,
): EmbeddedValue | undefined {
  const reading = readings[group]?.[tag];
  if (reading !== undefined) return reading(value, around);
  if (typeof value === "number") return wordFor(group, tag, value) ?? rounded(value);
  return windowsText(tag, value) ?? userComment(tag, value) ?? plain(value);
}

function plain(value: TagValue): EmbeddedValue {
  if (typeof value === "number") return rounded(value);
  return typeof value === "string" ? value : value.map(rounded);
}

function clockDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, "0");
}
