import { type ByteSource, type Range, sliceSource } from "../byte-source.ts";
import { startOfTiff } from "../inspect/headers/exif-orientation.ts";
import { type Reading, readWithin } from "../reading.ts";

/** The places of a picture's metadata in its file. */
export interface MetadataBlocks {
  /** A TIFF, without a prefix. */
  readonly exif?: ByteSource | undefined;
  /** IPTC's datasets. */
  readonly iptc?: Buffer | undefined;
  /** An XML document. */
  readonly xmp?: string | undefined;
  readonly hasColorProfile?: boolean;
  /** Dots per inch, if the file states them outside of EXIF. */
  readonly density?: number | undefined;
  /** The first quantisation tables of a JPEG, as they stand in their segment. */
  readonly quantisation?: Buffer | undefined;
}

export type MutableBlocks = { -readonly [Name in keyof MetadataBlocks]: MetadataBlocks[Name] };

/** The number of segments or chunks of a file that are looked at. */
export const maxParts = 2000;
/** The most bytes of XMP. A segment of a JPEG holds fewer. */
export const maxXmpBytes = 128 * 1024;
export const maxIptcBytes = 256 * 1024;

/** Finds the TIFF in an EXIF block. Some writers put JPEG's prefix where no prefix belongs. */
export function* exifBlock(source: ByteSource, block: Range): Reading<ByteSource> {
  const start = yield* readWithin(block, startOfTiff());
  return sliceSource(source, block.offset + start, block.length - start);
}

export function decodeXmp(bytes: Buffer): string {
  return new TextDecoder().decode(bytes.subarray(0, maxXmpBytes));
}
