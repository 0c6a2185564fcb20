import type { ByteSource } from "../byte-source.ts";
import type { Reading } from "../reading.ts";
import { decodeXmp, exifBlock, type MetadataBlocks, type MutableBlocks, maxParts, maxXmpBytes } from "./blocks.ts";

const firstChunk = 12;
const flags = { profile: 0x20, exif: 0x08, xmp: 0x04 };

/** Finds EXIF and XMP. They stand behind the pixels, which are skipped only if the first chunk announces metadata. */
export function* webpBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const header = yield { offset: firstChunk, length: 9 };
  const extended = header.length === 9 && header.toString("latin1", 0, 4) === "VP8X";
  const flagged = extended ? header.readUInt8(8) : 0;
  const blocks: MutableBlocks = { hasColorProfile: (flagged & flags.profile) !== 0 };
  if ((flagged & (flags.exif | flags.xmp)) === 0) return blocks;
  let offset = firstChunk;
  for (let parts = 0; parts < maxParts; parts += 1) {
    const start = yield { offset, length: 8 };
    if (start.length < 8) break;
    const type = start.toString("latin1", 0, 4);
    const length = start.readUInt32LE(4);
    const content = { offset: offset + 8, length };
    if (type === "EXIF") blocks.exif ??= yield* exifBlock(source, content);
    else if (type === "XMP " && length <= maxXmpBytes) blocks.xmp ??= decodeXmp(yield content);
    offset += 8 + length + (length % 2);
  }
  return blocks;
}
