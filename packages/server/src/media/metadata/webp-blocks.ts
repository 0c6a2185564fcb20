import { type ByteSource, sliceSource } from "../byte-source.ts";
import { decodeXmp, exifBlock, longestXmp, type MetadataBlocks, type MutableBlocks, mostParts } from "./blocks.ts";

const firstChunk = 12;
const flags = { profile: 0x20, exif: 0x08, xmp: 0x04 };

/** They stand behind the pixels, which are passed over where the first chunk announces some. */
export async function webpBlocks(source: ByteSource): Promise<MetadataBlocks> {
  const header = await source.read(firstChunk, 9);
  const extended = header.length === 9 && header.toString("latin1", 0, 4) === "VP8X";
  const flagged = extended ? header.readUInt8(8) : 0;
  const blocks: MutableBlocks = { hasColorProfile: (flagged & flags.profile) !== 0 };
  if ((flagged & (flags.exif | flags.xmp)) === 0) return blocks;
  let offset = firstChunk;
  for (let parts = 0; parts < mostParts; parts += 1) {
    const start = await source.read(offset, 8);
    if (start.length < 8) break;
    const type = start.toString("latin1", 0, 4);
    const length = start.readUInt32LE(4);
    if (type === "EXIF") blocks.exif ??= await exifBlock(sliceSource(source, offset + 8, length));
    else if (type === "XMP " && length <= longestXmp) blocks.xmp ??= decodeXmp(await source.read(offset + 8, length));
    offset += 8 + length + (length % 2);
  }
  return blocks;
}
