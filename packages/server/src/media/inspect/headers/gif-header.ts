import type { ByteSource } from "../../byte-source.ts";
import { type Reading, readFrom } from "../../reading.ts";
import { gifBlocks } from "./gif-blocks.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";

/** Extensions may stand before the second frame. A file with more blocks than `maxBlocks` counts as a still picture. */
const bounds = { maxFrames: 1, maxBlocks: 2000 };

/** Reads up to the second frame, which tells an animation from a still picture. Later frames aren't counted. */
export function readGifHeader(source: ByteSource): Promise<ImageHeader | undefined> {
  return readFrom(source, gifHeader());
}

function* gifHeader(): Reading<ImageHeader | undefined> {
  const blocks = yield* gifBlocks(bounds);
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
