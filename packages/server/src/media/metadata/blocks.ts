import { type ByteSource, type Range, sliceSource } from "../byte-source.ts";
import { startOfTiff } from "../inspect/headers/exif-orientation.ts";
import { type Reading, readWithin } from "../reading.ts";

/** Where a picture's metadata lie in its file. */
export interface MetadataBlocks {
  /** A TIFF, without a prefix. */
  readonly exif?: ByteSource | undefined;
  /** IPTC's datasets. */
  readonly iptc?: Buffer | undefined;
  /** An XML document. */
  readonly xmp?: string | undefined;
  readonly hasColorProfile?: boolean;
  /** Dots per inch, where the file says so beside EXIF. */
  readonly density?: number | undefined;
  /** A JPEG's first tables of quantisation, as they stand in their segment. */
  readonly quantisation?: Buffer | undefined;
}

export type MutableBlocks = { -readonly [Name in keyof MetadataBlocks]: MetadataBlocks[Name] };

/** How many segments or chunks of a file are looked at. */
export const mostParts = 2000;
/** More than a segment of a JPEG holds. */
export const longestXmp = 128 * 1024;
export const longestIptc = 256 * 1024;

/** Some writers put JPEG's prefix where none belongs. */
export function* exifBlock(source: ByteSource, block: Range): Reading<ByteSource> {
  const start = yield* readWithin(block, startOfTiff());
  return sliceSource(source, block.offset + start, block.length - start);
}

export function decodeXmp(bytes: Buffer): string {
  return new TextDecoder().decode(bytes.subarray(0, longestXmp));
}
