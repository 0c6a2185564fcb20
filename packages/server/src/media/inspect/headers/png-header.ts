import type { ByteSource } from "../../byte-source.ts";
import { type Reading, readFrom, readWithin } from "../../reading.ts";
import { exifOrientation } from "./exif-orientation.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";

const maxChunks = 2000;
/** The most chunks before the pixels of a picture that is decoded. */
export const maxDecodedChunks = 10_000;
const firstChunk = 8;
const chunkOverhead = 12;
const alphaFlag = 4;

/** Walks the chunks before the pixels. A picture that ends early still has the size that its first chunk gives. */
export function readPngHeader(source: ByteSource): Promise<ImageHeader | undefined> {
  return readFrom(source, pngHeader());
}

function* pngHeader(): Reading<ImageHeader | undefined> {
  const header = yield { offset: firstChunk, length: 8 + 13 };
  if (header.length < 21 || header.toString("latin1", 4, 8) !== "IHDR") {
    return undefined;
  }
  let hasAlpha = (header.readUInt8(17) & alphaFlag) !== 0;
  let animated = false;
  let orientation: number | undefined;
  let hasExif = false;
  let offset = firstChunk;
  for (let chunks = 0; chunks < maxChunks; chunks += 1) {
    const start = yield { offset, length: 12 };
    const type = start.toString("latin1", 4, 8);
    if (start.length < 12 || type === "IDAT" || type === "IEND") {
      break;
    }
    const length = start.readUInt32BE(0);
    if (type === "tRNS") {
      hasAlpha = true;
    } else if (type === "acTL") {
      animated = start.readUInt32BE(8) > 1;
    } else if (type === "eXIf" && !hasExif) {
      hasExif = true;
      orientation = yield* readWithin({ offset: offset + 8, length }, exifOrientation());
    }
    offset += chunkOverhead + length;
  }
  return validHeader({
    width: header.readUInt32BE(8),
    height: header.readUInt32BE(12),
    orientation,
    hasAlpha,
    animated,
  });
}

/** Whether the pixels come within so many chunks. The image library looks at each, which takes seconds for millions. */
export function* hasFewChunks(): Reading<boolean> {
  let offset = firstChunk;
  for (let chunks = 0; chunks < maxDecodedChunks; chunks += 1) {
    const start = yield { offset, length: 8 };
    const type = start.toString("latin1", 4, 8);
    if (start.length < 8 || type === "IDAT" || type === "IEND") return true;
    offset += chunkOverhead + start.readUInt32BE(0);
  }
  return false;
}
