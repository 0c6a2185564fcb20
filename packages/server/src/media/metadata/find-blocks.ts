import { type ByteSource, bufferSource } from "../byte-source.ts";
import { decodeXmp, exifBlock, longestIptc, longestXmp, type MetadataBlocks } from "./blocks.ts";
import { jpegBlocks } from "./jpeg-blocks.ts";
import { pngBlocks } from "./png-blocks.ts";
import { tiffBlocks } from "./tiff-blocks.ts";
import { webpBlocks } from "./webp-blocks.ts";

const finders: Readonly<Record<string, (source: ByteSource) => Promise<MetadataBlocks>>> = {
  "image/jpeg": jpegBlocks,
  "image/png": pngBlocks,
  "image/webp": webpBlocks,
  "image/tiff": tiffBlocks,
};

/** Looks where writers put them; nothing is decoded. */
export async function findBlocks(source: ByteSource, mime: string): Promise<MetadataBlocks> {
  return (await finders[mime]?.(source)) ?? {};
}

/** What the library found in a file whose structure we don't read ourselves. */
export interface FoundBlocks {
  readonly exif?: Buffer | undefined;
  readonly iptc?: Buffer | undefined;
  readonly xmp?: Buffer | undefined;
  readonly icc?: Buffer | undefined;
  readonly density?: number | undefined;
}

export async function takeBlocks({ exif, iptc, xmp, icc, density }: FoundBlocks): Promise<MetadataBlocks> {
  return {
    exif: exif && (await exifBlock(bufferSource(exif))),
    iptc: iptc?.subarray(0, longestIptc),
    xmp: xmp !== undefined && xmp.length <= longestXmp ? decodeXmp(xmp) : undefined,
    hasColorProfile: icc !== undefined,
    density,
  };
}
