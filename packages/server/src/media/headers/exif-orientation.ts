import { type ByteSource, sliceSource } from "../byte-source.ts";
import { orientationTag, readTiffDirectory } from "./tiff-directory.ts";

/** What JPEG, and some writers of WebP, put before the TIFF structure. */
export const exifPrefix = "Exif\0\0";

/** The orientation in an EXIF block, 1 to 8; undefined when it has none or an impossible one. */
export async function readExifOrientation(block: ByteSource): Promise<number | undefined> {
  const prefix = (await block.read(0, exifPrefix.length)).toString("latin1");
  const tiff = prefix === exifPrefix ? sliceSource(block, exifPrefix.length, block.size - exifPrefix.length) : block;
  return validOrientation((await readTiffDirectory(tiff))?.get(orientationTag));
}

export function validOrientation(value: number | undefined): number | undefined {
  return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
}
