import { readFile, stat } from "node:fs/promises";
import sharp from "sharp";
import { FileByteSource } from "../byte-source.ts";
import { type ImageHeader, validHeader } from "../formats/image-header.ts";
import { findCostlyMetadata, withoutCostlyMetadata } from "./bounds/costly-metadata.ts";

/**
 * Reads the header of a file, given as a path or as its bytes, with sharp. Nothing is decoded, and metadata that would
 * take long counts as none. Undefined when sharp can't read a header of these formats. It is for formats whose structure
 * we don't read ourselves, and runs in a process that can be killed alone.
 */
export async function readLibraryHeader(
  file: string | Buffer,
  formats: readonly string[],
): Promise<ImageHeader | undefined> {
  if (file.length === 0) return undefined;
  let shown = file;
  for (const format of formats) shown = await withoutCostly(shown, format);
  // The caller checks the limit on pixels; nothing is decoded here.
  const found = await sharp(shown, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (found === undefined || !formats.includes(found.format)) return undefined;
  const { width, height, orientation, hasAlpha, exif, iptc, xmp, icc, density } = found;
  const blocks = { exif, iptc, xmp, icc, density };
  return validHeader({ width, height, orientation, hasAlpha, animated: false, blocks });
}

/** Reads a whole file only if some of its metadata has to be hidden, which hardly ever happens. */
async function withoutCostly(file: string | Buffer, format: string): Promise<string | Buffer> {
  if (typeof file !== "string") return withoutCostlyMetadata(file, format);
  const source = new FileByteSource(file, (await stat(file)).size, undefined, undefined);
  try {
    const isCostly = (await findCostlyMetadata(source, format)).length > 0;
    return isCostly ? withoutCostlyMetadata(await readFile(file), format) : file;
  } finally {
    await source.close();
  }
}
