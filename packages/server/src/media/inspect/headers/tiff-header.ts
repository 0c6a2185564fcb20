import type { ByteSource } from "../../byte-source.ts";
import { type Reading, readFrom } from "../../reading.ts";
import { validOrientation } from "./exif-orientation.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";
import { orientationTag, tiffDirectory } from "./tiff-directory.ts";

const widthTag = 0x0100;
const heightTag = 0x0101;
const extraSamplesTag = 0x0152;
/** Extra samples that are alpha, premultiplied or not. An extra sample without a stated meaning isn't alpha. */
const alphaSamples: readonly (number | undefined)[] = [1, 2];

/** Reads the header of a TIFF file's first page. */
export function readTiffHeader(source: ByteSource): Promise<ImageHeader | undefined> {
  return readFrom(source, tiffHeader());
}

function* tiffHeader(): Reading<ImageHeader | undefined> {
  const directory = yield* tiffDirectory();
  return validHeader({
    width: directory?.get(widthTag) ?? 0,
    height: directory?.get(heightTag) ?? 0,
    orientation: validOrientation(directory?.get(orientationTag)),
    hasAlpha: alphaSamples.includes(directory?.get(extraSamplesTag)),
    animated: false,
  });
}
