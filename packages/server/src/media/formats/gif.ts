import type { Reading } from "../reading.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";

const stepBytes = 16 * 1024;
/** The most sub-blocks of one file. Writers fill each with 255 bytes, so this number holds a quarter of a gigabyte. */
const maxSubBlocks = 1_000_000;
const extension = 0x21;
const imageDescriptor = 0x2c;
const graphicControl = 0xf9;
const comment = 0xfe;

export interface GifBounds {
  /** The walk ends with the first frame beyond this number. */
  readonly maxFrames: number;
  /** The most frames and extensions that are looked at. */
  readonly maxBlocks: number;
}

export interface GifBlocks {
  /** The signature and the logical screen's descriptor. */
  readonly screen: Buffer;
  readonly frames: number;
  /** Whether a frame has a transparent colour. */
  readonly hasAlpha: boolean;
  /** False if the file has more blocks or sub-blocks than are looked at. */
  readonly isWithinBounds: boolean;
}

/**
 * Walks the blocks of a GIF as the image library does, so that both find the same frames in a file whose blocks
 * contradict each other.
 * @returns undefined for a file that ends within its screen descriptor
 */
export function* gifBlocks({ maxFrames, maxBlocks }: GifBounds): Reading<GifBlocks | undefined> {
  const screen = yield { offset: 0, length: 13 };
  if (screen.length < 13) return undefined;
  const budget = { subBlocks: maxSubBlocks };
  let offset = 13 + colourTableSize(screen.readUInt8(10));
  let frames = 0;
  let hasAlpha = false;
  for (let blocks = 0; blocks < maxBlocks && budget.subBlocks > 0; blocks += 1) {
    const block = yield { offset, length: 10 };
    if (block[0] === extension && block.length >= 4) {
      hasAlpha ||= block[1] === graphicControl && (block.readUInt8(3) & 1) === 1;
      // The library skips the first sub-block of an extension unseen, even an empty one, which should be the last.
      const data = block[1] === comment ? offset + 2 : offset + 3 + block.readUInt8(2);
      offset = yield* skipSubBlocks(data, budget);
    } else if (block[0] === imageDescriptor && block.length === 10) {
      frames += 1;
      if (frames > maxFrames) return { screen, frames, hasAlpha, isWithinBounds: true };
      offset = yield* skipSubBlocks(offset + 10 + colourTableSize(block.readUInt8(9)) + 1, budget);
    } else {
      return { screen, frames, hasAlpha, isWithinBounds: true };
    }
  }
  return { screen, frames, hasAlpha, isWithinBounds: false };
}

function colourTableSize(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}

/**
 * Walks sub-blocks within the bytes of one read, since data may be cut into sub-blocks of a single byte.
 * @returns where the sub-blocks end; an offset beyond all bytes when the file or the budget ends before them
 */
function* skipSubBlocks(start: number, budget: { subBlocks: number }): Reading<number> {
  let offset = start;
  while (budget.subBlocks > 0) {
    // The range ends at a fixed place, so that the next range lies in the bytes that were fetched for this one.
    const bytes = yield { offset, length: stepBytes - (offset % stepBytes) };
    if (bytes.length === 0) break;
    let position = 0;
    while (position < bytes.length) {
      const length = bytes[position] ?? 0;
      position += 1 + length;
      budget.subBlocks -= 1;
      if (length === 0) return offset + position;
    }
    offset += position;
  }
  return Number.POSITIVE_INFINITY;
}

/** Extensions may stand before the second frame. A file with more blocks than `maxBlocks` counts as a still picture. */
const headerBounds = { maxFrames: 1, maxBlocks: 2000 };

/** Reads up to the second frame, which tells an animation from a still picture. Later frames aren't counted. */
export function* gifHeader(): Reading<ImageHeader | undefined> {
  const blocks = yield* gifBlocks(headerBounds);
  if (blocks === undefined) return undefined;
  const { screen, frames, hasAlpha } = blocks;
  return validHeader({
    width: screen.readUInt16LE(6),
    height: screen.readUInt16LE(8),
    orientation: undefined,
    hasAlpha,
    animated: frames > 1,
  });
}
