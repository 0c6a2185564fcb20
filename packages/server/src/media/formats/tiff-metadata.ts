import type { ByteSource, Range } from "../byte-source.ts";
import type { Reading } from "../reading.ts";
import { validOrientation } from "./exif.ts";
import {
  decodeXmp,
  type FoundMetadata,
  type MetadataBlocks,
  maxIptcBytes,
  maxXmpBytes,
  nothingFound,
} from "./found-metadata.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";
import {
  classicTiff,
  entriesThatLibraryReads,
  orientationTag,
  readDirectory,
  readTiff,
  tiffChain,
  tiffNumbers,
} from "./tiff-directories.ts";

const tags = { width: 0x0100, height: 0x0101, extraSamples: 0x0152, xmp: 0x02bc, iptc: 0x83bb, profile: 0x8773 };
/** Extra samples that are alpha, premultiplied or not. An extra sample without a stated meaning isn't alpha. */
const alphaSamples: readonly (number | undefined)[] = [1, 2];

/** Reads the header of a TIFF file's first page. */
export function* tiffHeader(): Reading<ImageHeader | undefined> {
  const numbers = yield* tiffNumbers();
  return validHeader({
    width: numbers?.get(tags.width) ?? 0,
    height: numbers?.get(tags.height) ?? 0,
    orientation: validOrientation(numbers?.get(orientationTag)),
    hasAlpha: alphaSamples.includes(numbers?.get(tags.extraSamples)),
    animated: false,
  });
}

const maxEntries = 4096;
/** The bytes of one value, by its type. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 4: 4, 6: 1, 7: 1, 13: 4 };

/** A TIFF file is its own EXIF block. Its other metadata lies in tags of the first directory. */
export function* tiffBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const found = yield* findBytes();
  const xmp = yield* bytesWithin(maxXmpBytes, found.get(tags.xmp));
  return {
    exif: source,
    iptc: yield* bytesWithin(maxIptcBytes, found.get(tags.iptc)),
    xmp: xmp && decodeXmp(xmp),
    hasColorProfile: found.has(tags.profile),
  };
}

function* bytesWithin(maxLength: number, range: Range | undefined): Reading<Buffer | undefined> {
  return range === undefined || range.length > maxLength ? undefined : yield range;
}

/** Finds the values that don't stand in their entry. */
function* findBytes(): Reading<ReadonlyMap<number, Range>> {
  const found = new Map<number, Range>();
  const tiff = yield* readTiff();
  const directory = tiff?.version === classicTiff ? yield* readDirectory(tiff, tiff.first, maxEntries) : undefined;
  if (tiff === undefined) return found;
  for (const { tag, type, count, bytes, field } of directory?.entries ?? []) {
    const length = (sizes[type] ?? 0) * count;
    if (length > 4 && !found.has(tag)) found.set(tag, { offset: tiff.number(bytes, field, 4), length });
  }
  return found;
}

/** A tag that means nothing. It comes next, since the tags of a directory stand in their order. */
const hiddenTag = tags.profile + 1;
/** The types of bytes. The library takes longer numbers for bytes as well. No program writes a profile so. */
const byteTypes: readonly number[] = [1, 7];

/** Finds the colour profiles of all pages. No reader of EXIF is called for a TIFF. */
export function* tiffMetadata(maxPages: number): Reading<FoundMetadata> {
  const found = nothingFound();
  const tiff = yield* readTiff();
  if (tiff === undefined) return found;
  const { number, layout, isLittleEndian } = tiff;
  for (const page of new Set((yield* tiffChain(tiff, maxPages)).directories)) {
    const directory = yield* readDirectory(tiff, page, entriesThatLibraryReads);
    for (const { tag, type, count, bytes, field, offset } of directory?.entries ?? []) {
      if (tag !== tags.profile) continue;
      const hide = (copy: Buffer): void =>
        void (isLittleEndian ? copy.writeUInt16LE(hiddenTag, offset) : copy.writeUInt16BE(hiddenTag, offset));
      const parts = [{ offset: number(bytes, field, layout.offsetSize), length: count }];
      if (byteTypes.includes(type)) found.profiles.push({ parts, hide });
      else found.unwanted.push(hide);
    }
  }
  return found;
}
