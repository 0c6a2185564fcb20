import type { ByteSource } from "../../byte-source.ts";
import { type Reading, readFrom } from "../../reading.ts";
import { gifBlocks } from "./gif-blocks.ts";
import { isBoundedHeif } from "./heif-bounds.ts";
import { tiffChain } from "./tiff-chain.ts";

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
  "image/webp": countWebpFrames,
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

const firstChunk = 12;
const chunkHeader = 8;
const frameHeader = 16;
/** A frame consists of three chunks at most. */
const maxWebpChunks = 4 * maxPages;

/** Walks the chunks within a frame like all others, because the library finds frames within frames. */
function* countWebpFrames(): Reading<number> {
  const start = yield { offset: 0, length: firstChunk + 4 };
  // Only the extended format has chunks behind the first one.
  if (start.length < firstChunk + 4 || start.toString("latin1", firstChunk) !== "VP8X") return 1;
  const end = 8 + start.readUInt32LE(4);
  let frames = 0;
  let offset = firstChunk;
  for (let chunks = 0; chunks < maxWebpChunks && frames <= maxPages; chunks += 1) {
    const header = offset + chunkHeader > end ? undefined : yield { offset, length: chunkHeader };
    if (header === undefined || header.length < chunkHeader) return Math.max(frames, 1);
    const length = header.readUInt32LE(4);
    const isFrame = header.toString("latin1", 0, 4) === "ANMF";
    if (isFrame) frames += 1;
    offset += chunkHeader + (isFrame ? frameHeader : length + (length % 2));
  }
  return frames > maxPages ? frames : uncountablePages;
}

function* countDirectories(): Reading<number> {
  const chain = yield* tiffChain(maxPages + 1);
  if (chain === undefined) return 0;
  return chain.hasFewEntries ? chain.directories.length : uncountablePages;
}

/** Whether a TIFF's directories and their entries are few enough to be read. */
export function* hasFewDirectories(): Reading<boolean> {
  return (yield* countDirectories()) <= maxPages;
}

/** Checks the boxes of a file whose pictures don't play. The library counts the pictures from an index. */
function* countBoxes(size: number): Reading<number | undefined> {
  return (yield* isBoundedHeif(size)) ? undefined : uncountablePages;
}
