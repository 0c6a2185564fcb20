import type { ByteSource } from "../byte-source.ts";
import { type Reading, readWithin } from "../reading.ts";
import { exifOrientation, keepOrientation } from "./exif.ts";
import {
  decodeXmp,
  exifBlock,
  type FoundMetadata,
  type MetadataBlocks,
  maxBlocks,
  maxXmpBytes,
  nothingFound,
} from "./found-metadata.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";
import { type Part, type Walk, walkParts } from "./walk.ts";

/** The bytes of the RIFF header, behind which the chunks begin, and of a chunk's type and length. */
export const riffLength = 12;
export const headLength = 8;
/** The bytes with which the content of a frame begins, before the frame's own chunks. */
export const frameHeader = 16;

/** What the first chunk of the extended format, `VP8X`, announces. */
export const webpFlags = { animation: 0x02, xmp: 0x04, exif: 0x08, alpha: 0x10, profile: 0x20 } as const;
const flags = webpFlags;

export interface WebpChunk extends Part {
  readonly type: string;
}

function chunkOf(head: Buffer, start: number): WebpChunk | undefined {
  if (head.length < headLength) return undefined;
  const offset = start + headLength;
  const length = head.readUInt32LE(4);
  return { type: head.toString("latin1", 0, 4), start, offset, length, end: offset + length + (length % 2) };
}

/** Walks chunks. The walk ends where the bytes end within a chunk's type and length. */
export function webpChunks(maxParts: number, first = riffLength): Walk<WebpChunk> {
  return walkParts(first, maxParts, headLength, chunkOf);
}

/** Walks the chunks, and those within a frame like all others, because the image library finds them there as well. */
function nestedChunks(maxParts: number): Walk<WebpChunk> {
  return walkParts(riffLength, maxParts, headLength, (head, start) => {
    const chunk = chunkOf(head, start);
    return chunk?.type === "ANMF" ? { ...chunk, end: chunk.offset + frameHeader } : chunk;
  });
}

/** Reads the flags of a file in the extended format; 0 for other files. */
function* readFlags(): Reading<number> {
  const head = yield { offset: riffLength, length: headLength + 1 };
  return head.toString("latin1", 0, 4) === "VP8X" ? (head[headLength] ?? 0) : 0;
}

const maxHeaderChunks = 2000;

/**
 * Reads the first chunk of a WebP file, which has one of three forms. In an extended file it also reads the chunks that
 * the flags announce.
 */
export function* webpHeader(): Reading<ImageHeader | undefined> {
  const start = yield { offset: riffLength, length: 18 };
  if (start.length < 18) return undefined;
  const data = start.subarray(8);
  switch (start.toString("latin1", 0, 4)) {
    case "VP8 ":
      return isLossyFrame(data)
        ? still(data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff, false)
        : undefined;
    case "VP8L": {
      const bits = data.readUInt32LE(1);
      const alpha = ((bits >>> 28) & 1) === 1;
      return data[0] === 0x2f ? still((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, alpha) : undefined;
    }
    case "VP8X": {
      const flagged = data.readUInt8(0);
      const later = (flagged & (flags.animation | flags.exif)) !== 0 ? yield* laterChunks(flagged) : noLaterChunks;
      return validHeader({
        width: data.readUIntLE(4, 3) + 1,
        height: data.readUIntLE(7, 3) + 1,
        hasAlpha: (flagged & flags.alpha) !== 0,
        animated: (flagged & flags.animation) !== 0 && later.frames > 1,
        orientation: later.orientation,
      });
    }
    default:
      return undefined;
  }
}

const noLaterChunks = { frames: 0, orientation: undefined };

function* laterChunks(flagged: number): Reading<{ frames: number; orientation: number | undefined }> {
  let frames = 0;
  let orientation: number | undefined;
  let hasExif = false;
  const { head, take } = webpChunks(maxHeaderChunks);
  for (let chunk = take(yield head); chunk !== undefined; chunk = take(yield head)) {
    if (chunk.type === "ANMF") {
      frames += 1;
      // The second frame shows that the file is an animation. Gigabytes of other frames may follow.
      if (frames > 1 && (flagged & flags.exif) === 0) break;
    } else if (chunk.type === "EXIF" && !hasExif) {
      hasExif = true;
      orientation = yield* readWithin(chunk, exifOrientation());
    }
  }
  return { frames, orientation };
}

/** The most chunks before the picture. Metadata and the header of the first frame may stand there. */
const maxChunksBefore = 20;

/** Whether the picture, or the first frame of an animation, is stored without loss. */
export function* isLosslessWebp(): Reading<boolean> {
  const { head, take } = nestedChunks(maxChunksBefore);
  for (let chunk = take(yield head); chunk !== undefined; chunk = take(yield head)) {
    if (chunk.type === "VP8 " || chunk.type === "VP8L") return chunk.type === "VP8L";
  }
  return false;
}

/** A key frame with its start code; only such a frame carries a size. */
function isLossyFrame(data: Buffer): boolean {
  return (data.readUInt8(0) & 1) === 0 && data.readUIntBE(3, 3) === 0x9d012a;
}

function still(width: number, height: number, hasAlpha: boolean): ImageHeader | undefined {
  return validHeader({ width, height, hasAlpha, orientation: undefined, animated: false });
}

/** A frame consists of three chunks at most. */
const chunksOfFrame = 4;

/** @returns undefined for a file of more chunks than so many frames have; one more than `maxFrames` if there are more */
export function* countWebpFrames(maxFrames: number): Reading<number | undefined> {
  const start = yield { offset: 0, length: riffLength + 4 };
  // Only the extended format has chunks behind the first one.
  if (start.length < riffLength + 4 || start.toString("latin1", riffLength) !== "VP8X") return 1;
  const end = 8 + start.readUInt32LE(4);
  const maxChunks = chunksOfFrame * maxFrames;
  const { head, take } = nestedChunks(maxChunks);
  let frames = 0;
  let chunks = 0;
  for (let chunk = take(yield head); chunk !== undefined; chunk = take(yield head)) {
    chunks += 1;
    if (chunk.type === "ANMF") frames += 1;
    if (frames > maxFrames) return frames;
    if (chunk.end + headLength > end) break;
  }
  return chunks === maxChunks ? undefined : Math.max(frames, 1);
}

/** Finds EXIF and XMP. They stand behind the pixels, which are skipped only if the first chunk announces metadata. */
export function* webpBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const flagged = yield* readFlags();
  const blocks: MetadataBlocks = { hasColorProfile: (flagged & flags.profile) !== 0 };
  if ((flagged & (flags.exif | flags.xmp)) === 0) return blocks;
  const { head, take } = webpChunks(maxBlocks);
  for (let chunk = take(yield head); chunk !== undefined; chunk = take(yield head)) {
    if (chunk.type === "EXIF") blocks.exif ??= yield* exifBlock(source, chunk);
    else if (chunk.type === "XMP " && chunk.length <= maxXmpBytes) blocks.xmp ??= decodeXmp(yield chunk);
  }
  return blocks;
}

/** As many chunks as a picture may have whose frames are counted. */
const maxChunks = 20_000;

/**
 * Finds the chunks of EXIF and of colour profiles, wherever they stand. The library looks for what the flags announce,
 * and goes on within a frame.
 */
export function* webpMetadata(): Reading<FoundMetadata> {
  const found = nothingFound();
  const flagged = yield* readFlags();
  if ((flagged & (flags.profile | flags.exif)) === 0) return found;
  const { head, take } = nestedChunks(maxChunks);
  for (let chunk = take(yield head); chunk !== undefined; chunk = take(yield head)) {
    const { type, offset, length } = chunk;
    const place = { offset, length };
    if (type === "ICCP" && (flagged & flags.profile) !== 0)
      found.profiles.push({ parts: [place], hide: clearProfileFlag });
    if (type === "EXIF" && (flagged & flags.exif) !== 0)
      found.exif.push({ place, hide: (copy, orientation) => keepOrientation(copy, place, orientation) });
  }
  return found;
}

/** Without the flag, the library looks for no profile. */
function clearProfileFlag(copy: Buffer): void {
  const flagsAt = riffLength + headLength;
  copy.writeUInt8(copy.readUInt8(flagsAt) & ~flags.profile, flagsAt);
}
