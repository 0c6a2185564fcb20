import type { ByteSource } from "../byte-source.ts";
import { type Reading, readFrom } from "../reading.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";

/** Extensions that may stand before the second frame; a file with more is taken for a still picture. */
const mostBlocks = 2000;
const stepLength = 16 * 1024;
const extension = 0x21;
const imageDescriptor = 0x2c;
const graphicControl = 0xf9;

/** Reads up to the second frame, which is all that tells an animation from a still; the frames after it aren't counted. */
export function readGifHeader(source: ByteSource): Promise<ImageHeader | undefined> {
  return readFrom(source, gifHeader());
}

function* gifHeader(): Reading<ImageHeader | undefined> {
  const screen = yield { offset: 0, length: 13 };
  if (screen.length < 13) {
    return undefined;
  }
  let offset = 13 + colourTableSize(screen.readUInt8(10));
  let frames = 0;
  let hasAlpha = false;
  for (let blocks = 0; blocks < mostBlocks; blocks += 1) {
    const block = yield { offset, length: 10 };
    if (block[0] === extension && block.length >= 4) {
      hasAlpha ||= block[1] === graphicControl && (block.readUInt8(3) & 1) === 1;
      offset = yield* skipSubBlocks(offset + 2);
    } else if (block[0] === imageDescriptor && block.length === 10) {
      frames += 1;
      if (frames > 1) {
        break;
      }
      offset = yield* skipSubBlocks(offset + 10 + colourTableSize(block.readUInt8(9)) + 1);
    } else {
      break;
    }
  }
  return validHeader({
    width: screen.readUInt16LE(6),
    height: screen.readUInt16LE(8),
    orientation: undefined,
    hasAlpha,
    animated: frames > 1,
  });
}

function colourTableSize(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}

/**
 * Data may be cut into sub-blocks of a single byte, so these are walked within what one read brought.
 * @returns where they end: beyond all bytes, when the file ends before them
 */
function* skipSubBlocks(start: number): Reading<number> {
  let offset = start;
  for (;;) {
    const bytes = yield { offset, length: stepLength };
    if (bytes.length === 0) {
      return Number.POSITIVE_INFINITY;
    }
    let position = 0;
    while (position < bytes.length) {
      const length = bytes[position] ?? 0;
      position += 1 + length;
      if (length === 0) {
        return offset + position;
      }
    }
    offset += position;
  }
}
