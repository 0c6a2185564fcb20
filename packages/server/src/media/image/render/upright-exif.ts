import { exifPrefix } from "../../inspect/headers/exif-orientation.ts";
import { orientationTag } from "../../inspect/headers/tiff-directory.ts";
import { isLittleEndian, numbersOf } from "../../inspect/headers/tiff-numbers.ts";

const entryLength = 12;

/** A copy of an EXIF block, which is a TIFF, whose first directory says that the picture is upright. */
export function uprightExif(block: Buffer): Buffer {
  const prefixed = block.toString("latin1", 0, exifPrefix.length) === exifPrefix;
  const tiff = Buffer.from(prefixed ? block.subarray(exifPrefix.length) : block);
  const little = isLittleEndian(tiff);
  const read = numbersOf(tiff);
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
