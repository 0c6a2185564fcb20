import type { ByteSource } from "../../byte-source.ts";
import { type Reading, readFrom, readWithin } from "../../reading.ts";
import { exifOrientation, exifPrefix } from "./exif-orientation.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";

const maxSegments = 2000;
const applicationOne = 0xe1;
const startOfScan = 0xda;
const endOfImage = 0xd9;
const fill = 0xff;

/** Walks the segments before the pixels. Undefined when the segments aren't in order or have no frame header. */
export function readJpegHeader(source: ByteSource): Promise<ImageHeader | undefined> {
  return readFrom(source, jpegHeader());
}

function* jpegHeader(): Reading<ImageHeader | undefined> {
  let frame: { width: number; height: number } | undefined;
  let orientation: number | undefined;
  let hasExif = false;
  let offset = 2;
  for (let segments = 0; segments < maxSegments; segments += 1) {
    const start = yield { offset, length: 10 };
    const marker = start[1];
    if (start.length < 4 || start[0] !== fill || marker === startOfScan || marker === endOfImage) {
      break;
    }
    if (marker === fill) {
      offset += 1;
      continue;
    }
    const length = start.readUInt16BE(2);
    if (isFrame(marker) && start.length >= 9) {
      frame ??= { height: start.readUInt16BE(5), width: start.readUInt16BE(7) };
    }
    // Only the first block counts, as in the library. Otherwise each of thousands of blocks would be read to its end.
    if (!hasExif && marker === applicationOne && start.toString("latin1", 4) === exifPrefix) {
      hasExif = true;
      orientation = yield* readWithin({ offset: offset + 4, length: length - 2 }, exifOrientation());
    }
    offset += 2 + length;
  }
  return frame && validHeader({ ...frame, orientation, hasAlpha: false, animated: false });
}

/** Whether a marker is one of SOF0 to SOF15. DHT, JPG and DAC have numbers between theirs. */
export function isFrame(marker: number | undefined): boolean {
  return marker !== undefined && marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
