import { type Reading, readWithin } from "../../reading.ts";
import { orientationTag, tiffDirectory } from "./tiff-directory.ts";

/** The bytes that JPEG, and some writers of WebP, put before the TIFF structure. */
export const exifPrefix = "Exif\0\0";

/** The orientation in an EXIF block, 1 to 8; undefined when it has none or an impossible one. */
export function* exifOrientation(): Reading<number | undefined> {
  const tiff = { offset: yield* startOfTiff(), length: Number.POSITIVE_INFINITY };
  const directory = yield* readWithin(tiff, tiffDirectory());
  return validOrientation(directory?.get(orientationTag));
}

/** Finds the offset at which the TIFF begins in an EXIF block. */
export function* startOfTiff(): Reading<number> {
  const prefix = yield { offset: 0, length: exifPrefix.length };
  return prefix.toString("latin1") === exifPrefix ? exifPrefix.length : 0;
}

export function validOrientation(value: number | undefined): number | undefined {
  return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
}
