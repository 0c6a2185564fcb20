import { exifPrefix } from "../headers/exif-orientation.ts";
import { orientationTag } from "../headers/tiff-directory.ts";

const entryLength = 12;

/** A copy of an EXIF block, which is a TIFF, whose first directory says that the picture is upright. */
export function uprightExif(block: Buffer): Buffer {
  const prefixed = block.toString("latin1", 0, exifPrefix.length) === exifPrefix;
  const tiff = Buffer.from(prefixed ? block.subarray(exifPrefix.length) : block);
  const little = tiff.toString("latin1", 0, 2) === "II";
  const read = (offset: number, size: number): number => {
    if (offset + size > tiff.length) return 0;
    return little ? tiff.readUIntLE(offset, size) : tiff.readUIntBE(offset, size);
  };
  const directory = read(4, 4);
  const count = read(directory, 2);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * entryLength;
    if (entry + entryLength > tiff.length) break;
    if (read(entry, 2) !== orientationTag) continue;
    if (little) tiff.writeUInt16LE(1, entry + 8);
    else tiff.writeUInt16BE(1, entry + 8);
  }
  return tiff;
}
