import sharp from "sharp";
import { type ImageHeader, validHeader } from "./image-header.ts";

/**
 * The time in milliseconds. A header that takes longer is given up. The work itself can't be stopped; it ends on its
 * own.
 */
const timeLimitMs = 5_000;

/**
 * Reads the header of a file, given as a path or as its bytes, with sharp. Nothing is decoded. Undefined when sharp
 * can't read a header or is given no bytes. This way is slow, and it runs in a thread of the pool that file operations
 * share. It is for formats whose structure we don't read ourselves.
 */
export async function readLibraryHeader(
  file: string | Buffer,
  formats: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ImageHeader | undefined> {
  if (file.length === 0) return undefined;
  const stop = Promise.withResolvers<undefined>();
  const abort = (): void => stop.reject(signal?.reason);
  const timer = setTimeout(() => stop.resolve(undefined), timeLimitMs);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    signal?.throwIfAborted();
    // The caller checks the limit on pixels; nothing is decoded here.
    const metadata = sharp(file, { limitInputPixels: false })
      .metadata()
      .catch(() => undefined);
    const found = await Promise.race([metadata, stop.promise]);
    if (found === undefined || !formats.includes(found.format)) {
      return undefined;
    }
    const { width, height, orientation, hasAlpha, exif, iptc, xmp, icc, density } = found;
    const blocks = { exif, iptc, xmp, icc, density };
    return validHeader({ width, height, orientation, hasAlpha, animated: false, blocks });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
