import type { ByteSource } from "../byte-source.ts";
import { gifBlocks } from "../formats/gif.ts";
import { isBoundedHeif } from "../formats/heif-bounds.ts";
import { readTiff, tiffChain } from "../formats/tiff-directories.ts";
import { countWebpFrames } from "../formats/webp.ts";
import { type Reading, readFrom } from "../reading.ts";

/**
 * The most frames or pages of a picture that is rendered. The image library looks for each frame of a WebP from the
 * beginning, reads every directory of a TIFF, and hands over the delay of each frame of a GIF in one go. With this
 * number it takes well under a second. With millions it takes minutes, and nothing interrupts it.
 */
export const maxPages = 5000;

/**
 * Stands in place of a count when the file has more parts, or more in its parts, than are looked at. It is more than
 * `maxPages`, and a database can hold it.
 */
export const uncountablePages = 2 ** 31 - 1;

const counters: Readonly<Record<string, (size: number) => Reading<number | undefined>>> = {
  "image/avif": countBoxes,
  "image/gif": countGifFrames,
  "image/heic": countBoxes,
  "image/heic-sequence": countBoxes,
  "image/heif": countBoxes,
  "image/heif-sequence": countBoxes,
  "image/tiff": countDirectories,
  "image/webp": countWebp,
};

/**
 * Counts a file's frames or pages, as far as their number has to be known before the image library sees the file. The
 * number of parts that are looked at is bounded, and other work goes on in between.
 * @returns `maxPages` + 1 for a file with more of them; `uncountablePages`; undefined for formats whose pages the
 * library counts safely
 */
export async function countPages(source: ByteSource, mime: string): Promise<number | undefined> {
  const counter = counters[mime];
  return counter && readFrom(source, counter(source.size));
}

/** A frame comes with a comment or two, and with the extension that says how long the frame is shown. */
const maxGifBlocks = 10 * maxPages;

function* countGifFrames(): Reading<number> {
  const blocks = yield* gifBlocks({ maxFrames: maxPages, maxBlocks: maxGifBlocks });
  return blocks?.isWithinBounds === false ? uncountablePages : (blocks?.frames ?? 0);
}

function* countWebp(): Reading<number> {
  return (yield* countWebpFrames(maxPages)) ?? uncountablePages;
}

function* countDirectories(): Reading<number> {
  const tiff = yield* readTiff();
  if (tiff === undefined) return 0;
  const { directories, hasFewEntries } = yield* tiffChain(tiff, maxPages + 1);
  return hasFewEntries ? directories.length : uncountablePages;
}

/** Whether a TIFF's directories and their entries are few enough to be read. */
export function* hasFewDirectories(): Reading<boolean> {
  return (yield* countDirectories()) <= maxPages;
}

/** Checks the boxes of a file whose pictures don't play. The library counts the pictures from an index. */
function* countBoxes(size: number): Reading<number | undefined> {
  return (yield* isBoundedHeif(size)) ? undefined : uncountablePages;
}
