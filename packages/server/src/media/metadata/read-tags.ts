import type { ByteSource } from "../byte-source.ts";
import { isExif, exifPointers as pointers } from "../formats/exif.ts";
import { readDirectory, readNext, readTiff, type Tiff, type TiffEntry } from "../formats/tiff-directories.ts";
import { type Reading, readFrom } from "../reading.ts";
import { withoutEnd } from "./embedded-value.ts";

/** A value as it is written. Bytes without a type of their own are text, one character for each byte. */
export type TagValue = string | number | readonly number[];
export type Tags = ReadonlyMap<number, TagValue>;

/** The directories of an EXIF block. A TIFF file has the same ones. */
export interface TagGroups {
  readonly image: Tags;
  readonly thumbnail: Tags;
  readonly exif: Tags;
  readonly gps: Tags;
  readonly interoperability: Tags;
}

/*
 * Bounds on what a stranger's block can cost. A camera's directory has some fifty entries; a hostile one has thousands
 * that all point to the same long value.
 */
const maxEntries = 256;
/** The most bytes of a text: four thousand characters of three bytes each, as Chinese has them. */
const maxTextBytes = 12 * 1024;
const maxNumbers = 64;
const maxBytes = 64 * 1024;

const none: Tags = new Map();

/**
 * Reads the tags of a TIFF: a file, or an EXIF block without its prefix. Each of the five directories is read once, so
 * no chain of them leads in circles. A value that is damaged or too long is left out, but a text that is too long is
 * cut.
 * @returns undefined when it isn't a TIFF
 */
export function readTags(tiff: ByteSource): Promise<TagGroups | undefined> {
  return readFrom(tiff, tagGroups());
}

function* tagGroups(): Reading<TagGroups | undefined> {
  const tiff = yield* readTiff();
  if (!isExif(tiff)) return undefined;
  const reader = { ...tiff, left: maxBytes };
  const { tags: image, next } = yield* readTagsAt(reader, tiff.first);
  const { tags: exif } = yield* readTagsAt(reader, image.get(pointers.exif));
  const { tags: gps } = yield* readTagsAt(reader, image.get(pointers.gps));
  const where = exif.get(pointers.interoperability) ?? image.get(pointers.interoperability);
  const { tags: interoperability } = yield* readTagsAt(reader, where);
  const { tags: thumbnail } = yield* readTagsAt(reader, next);
  return { image, thumbnail, exif, gps, interoperability };
}

interface Reader extends Tiff {
  /** Bytes of values that may still be read. */
  left: number;
}

/**
 * @param offset the directory's offset. 0, or a value that is no offset, means that there is no directory: a pointer
 * may be of any type of number, fractions among them
 */
function* readTagsAt(
  reader: Reader,
  offset: TagValue | undefined,
): Reading<{ readonly tags: Tags; readonly next?: number | undefined }> {
  if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 8) return { tags: none };
  const directory = yield* readDirectory(reader, offset, maxEntries);
  if (directory === undefined) return { tags: none };
  const tags = new Map<number, TagValue>();
  for (const entry of directory.entries) {
    const { tag, field } = entry;
    const values = tags.has(tag) ? undefined : announcedValues(reader, entry);
    if (values === undefined) continue;
    const { size: length } = values;
    const bytes =
      length <= 4
        ? entry.bytes.subarray(field, field + length)
        : yield { offset: reader.number(entry.bytes, field, 4), length };
    const value = readValue(reader, values, bytes);
    if (value !== undefined) tags.set(tag, value);
  }
  return { tags, next: yield* readNext(reader, directory) };
}

interface Values {
  readonly type: TagType;
  /** The size of the values that are read, in bytes. */
  readonly size: number;
  /** Whether a text is longer than the part that is read. */
  readonly isCut: boolean;
}

/** The values that an entry announces; undefined for values that must not be read. */
function announcedValues(reader: Reader, { tag, type: writtenType, count }: TiffEntry): Values | undefined {
  const written = types[writtenType];
  // A comment is text, whatever type of bytes its entry states.
  const type = tag === commentTag && written?.size === 1 ? types[undefinedBytes] : written;
  if (type === undefined || count === 0) return undefined;
  const announced = count * type.size;
  const isText = type === types[ascii] || (type.size === 1 && textTags.has(tag));
  if (!isText && (type.text ? announced > maxTextBytes : count > maxNumbers)) return undefined;
  const size = isText ? Math.min(announced, maxTextBytes) : announced;
  if (size > reader.left) return undefined;
  reader.left -= size;
  return { type, size, isCut: size < announced };
}

function readValue(reader: Reader, { type, size, isCut }: Values, bytes: Buffer): TagValue | undefined {
  if (bytes.length < size) return undefined;
  if (type.text) return type.text(bytes, isCut);
  const values: number[] = [];
  for (let at = 0; at < size; at += type.size) values.push(type.read(bytes, at, reader));
  if (!values.every(Number.isFinite)) return undefined;
  return values.length === 1 ? values[0] : values;
}

const commentTag = 0x9286;

/**
 * Tags whose bytes are text: comments, and the texts that Windows writes, which are longer than any list of numbers.
 */
const textTags: ReadonlySet<number> = new Set([commentTag, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f]);

type ReadNumberAt = (bytes: Buffer, offset: number, reader: Reader) => number;
interface TagType {
  /** The size of one value, in bytes. */
  readonly size: number;
  readonly read: ReadNumberAt;
  readonly text?: (bytes: Buffer, isCut: boolean) => string;
}

const unsigned = (size: number): TagType => ({
  size,
  read: (bytes, offset, { number }) => number(bytes, offset, size),
});
const signed = (size: number): TagType => ({
  size,
  read: (bytes, offset, { isLittleEndian }) =>
    isLittleEndian ? bytes.readIntLE(offset, size) : bytes.readIntBE(offset, size),
});
/** A ratio of two numbers. A ratio over zero is no number, and is left out. */
const ratioOf = ({ size, read }: TagType): TagType => ({
  size: 2 * size,
  read: (bytes, offset, reader) => read(bytes, offset, reader) / read(bytes, offset + size, reader),
});

const ascii = 2;
const undefinedBytes = 7;
const types: Readonly<Record<number, TagType>> = {
  1: unsigned(1),
  [ascii]: { ...unsigned(1), text: decodeTagText },
  3: unsigned(2),
  4: unsigned(4),
  5: ratioOf(unsigned(4)),
  6: signed(1),
  [undefinedBytes]: { ...unsigned(1), text: (bytes) => bytes.toString("latin1") },
  8: signed(2),
  9: signed(4),
  10: ratioOf(signed(4)),
  11: {
    size: 4,
    read: (bytes, at, { isLittleEndian }) => (isLittleEndian ? bytes.readFloatLE(at) : bytes.readFloatBE(at)),
  },
  12: {
    size: 8,
    read: (bytes, at, { isLittleEndian }) => (isLittleEndian ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at)),
  },
  13: unsigned(4),
};

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Decodes a text that is meant to be ASCII. Programs write what they like there, so valid UTF-8 is read as UTF-8, and
 * everything else as Latin-1.
 * @param isCut whether the bytes may end within a character
 */
export function decodeTagText(bytes: Uint8Array, isCut = false): string {
  let text: string;
  try {
    text = isCut ? new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }) : utf8.decode(bytes);
  } catch {
    text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  }
  return withoutEnd(text);
}
