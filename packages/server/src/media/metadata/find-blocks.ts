import { type ByteSource, bufferSource } from "../byte-source.ts";
import { type Reading, readFrom } from "../reading.ts";
import { decodeXmp, exifBlock, type MetadataBlocks, maxIptcBytes, maxXmpBytes } from "./blocks.ts";
import { jpegBlocks } from "./jpeg-blocks.ts";
import { pngBlocks } from "./png-blocks.ts";
import { tiffBlocks } from "./tiff-blocks.ts";
import { webpBlocks } from "./webp-blocks.ts";

const finders: Readonly<Record<string, (source: ByteSource) => Reading<MetadataBlocks>>> = {
  "image/jpeg": jpegBlocks,
  "image/png": pngBlocks,
  "image/webp": webpBlocks,
  "image/tiff": tiffBlocks,
};

/** Finds a file's metadata blocks in the places where writers put them. Nothing is decoded. */
export async function findBlocks(source: ByteSource, mime: string): Promise<MetadataBlocks> {
  const finder = finders[mime];
  return finder === undefined ? {} : await readFrom(source, finder(source));
}

/** The metadata that the library found in a file whose structure we don't read ourselves. */
export interface FoundBlocks {
  readonly exif?: Buffer | undefined;
  readonly iptc?: Buffer | undefined;
  readonly xmp?: Buffer | undefined;
  readonly icc?: Buffer | undefined;
  readonly density?: number | undefined;
}

export async function takeBlocks({ exif, iptc, xmp, icc, density }: FoundBlocks): Promise<MetadataBlocks> {
  return {
    exif: exif && (await wholeExifBlock(bufferSource(exif))),
    iptc: iptc?.subarray(0, maxIptcBytes),
    xmp: xmp !== undefined && xmp.length <= maxXmpBytes ? decodeXmp(xmp) : undefined,
    hasColorProfile: icc !== undefined,
    density,
  };
}

function wholeExifBlock(source: ByteSource): Promise<ByteSource> {
  return readFrom(source, exifBlock(source, { offset: 0, length: source.size }));
}
