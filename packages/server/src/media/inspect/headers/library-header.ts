import sharp from "sharp";
import { type ImageHeader, validHeader } from "./image-header.ts";

/**
 * Reads the header of a file, given as a path or as its bytes, with sharp. Nothing is decoded. Undefined when sharp can't read a header of these formats.
 * It is for formats whose structure we don't read ourselves, and runs in a process that can be killed alone.
 */
export async function readLibraryHeader(
  file: string | Buffer,
  formats: readonly string[],
): Promise<ImageHeader | undefined> {
  if (file.length === 0) return undefined;
  // The caller checks the limit on pixels; nothing is decoded here.
  const found = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (found === undefined || !formats.includes(found.format)) return undefined;
  const { width, height, orientation, hasAlpha, exif, iptc, xmp, icc, density } = found;
  const blocks = { exif, iptc, xmp, icc, density };
  return validHeader({ width, height, orientation, hasAlpha, animated: false, blocks });
}
