import type { ByteSource } from "../../byte-source.ts";
import { type Reading, readFrom, readWithin } from "../../reading.ts";
import { exifOrientation } from "./exif-orientation.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";

const maxChunks = 2000;
const firstChunk = 12;
const flags = { animation: 0x02, exif: 0x08, alpha: 0x10 };

/**
 * Reads the first chunk of a WebP file, which has one of three forms. In an extended file it also reads the chunks that
 * the flags announce.
 */
export function readWebpHeader(source: ByteSource): Promise<ImageHeader | undefined> {
  return readFrom(source, webpHeader());
}

function* webpHeader(): Reading<ImageHeader | undefined> {
  const start = yield { offset: firstChunk, length: 18 };
  if (start.length < 18) {
    return undefined;
  }
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
  let offset = firstChunk;
  for (let chunks = 0; chunks < maxChunks; chunks += 1) {
    const start = yield { offset, length: 8 };
    if (start.length < 8) {
      break;
    }
    const type = start.toString("latin1", 0, 4);
    const length = start.readUInt32LE(4);
    if (type === "ANMF") {
      frames += 1;
      // The second frame shows that the file is an animation. Gigabytes of other frames may follow.
      if (frames > 1 && (flagged & flags.exif) === 0) break;
    } else if (type === "EXIF" && !hasExif) {
      hasExif = true;
      orientation = yield* readWithin({ offset: offset + 8, length }, exifOrientation());
    }
    offset += 8 + length + (length % 2);
  }
  return { frames, orientation };
}

/** The most chunks before the picture. Metadata and the header of the first frame may stand there. */
const maxChunksBefore = 20;
const frameHeader = 16;

/** Whether the picture, or the first frame of an animation, is stored without loss. */
export function* isLosslessWebp(): Reading<boolean> {
  let offset = firstChunk;
  for (let chunks = 0; chunks < maxChunksBefore; chunks += 1) {
    const start = yield { offset, length: 8 };
    const type = start.toString("latin1", 0, 4);
    if (start.length < 8 || type === "VP8 " || type === "VP8L") return type === "VP8L";
    const length = start.readUInt32LE(4);
    offset += 8 + (type === "ANMF" ? frameHeader : length + (length % 2));
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
