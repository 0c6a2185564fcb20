import { type ByteSource, bufferSource, type Range, sliceSource } from "../byte-source.ts";
import { type Reading, readBytes, readWithin } from "../reading.ts";
import { startOfTiff } from "./exif.ts";

/** The places of a picture's metadata in its file. The finders of each format fill them in. */
export interface MetadataBlocks {
  /** A TIFF, without a prefix. */
  exif?: ByteSource | undefined;
  /** IPTC's datasets. */
  iptc?: Buffer | undefined;
  /** An XML document. */
  xmp?: string | undefined;
  hasColorProfile?: boolean;
  /** Dots per inch, if the file states them outside of EXIF. */
  density?: number | undefined;
  /** The first quantisation tables of a JPEG, as they stand in their segment. */
  quantisation?: Buffer | undefined;
}

/** The number of segments or chunks of a file that are looked at. */
export const maxBlocks = 2000;
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

/** The metadata that the library found in a file whose structure we don't read ourselves. */
export interface LibraryBlocks {
  readonly exif?: Buffer | undefined;
  readonly iptc?: Buffer | undefined;
  readonly xmp?: Buffer | undefined;
  readonly icc?: Buffer | undefined;
  readonly density?: number | undefined;
}

export function takeBlocks({ exif, iptc, xmp, icc, density }: LibraryBlocks): MetadataBlocks {
  return {
    exif: exif && bufferSource(exif.subarray(readBytes(exif, startOfTiff()))),
    iptc: iptc?.subarray(0, maxIptcBytes),
    xmp: xmp !== undefined && xmp.length <= maxXmpBytes ? decodeXmp(xmp) : undefined,
    hasColorProfile: icc !== undefined,
    density,
  };
}

/** Changes a copy of a file so that the image library passes over a part of it. The copy keeps its length. */
export type Hide = (copy: Buffer) => void;

export interface FoundExif {
  readonly place: Range;
  /** @param orientation what remains of the block in formats that the library turns upright by their EXIF */
  readonly hide: (copy: Buffer, orientation: number) => void;
}

export interface FoundProfile {
  /** The places of the profile's parts, in their order. */
  readonly parts: readonly Range[];
  readonly isDeflated?: boolean;
  readonly hide: Hide;
}

/** The metadata that the image library hands to its readers of EXIF and colour profiles. */
export interface FoundMetadata {
  readonly exif: FoundExif[];
  readonly profiles: FoundProfile[];
  /** Parts that the library isn't shown, whatever they say. */
  readonly unwanted: Hide[];
}

export function nothingFound(): FoundMetadata {
  return { exif: [], profiles: [], unwanted: [] };
}
