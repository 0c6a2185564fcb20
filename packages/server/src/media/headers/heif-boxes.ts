import type { Reading } from "../reading.ts";

/** Boxes at the top of a file, of which a picture has three or four, and a sequence some more. */
const maxBoxes = 1000;
const toTheEnd = 0;
const longSize = 1;

/**
 * Whether a HEIF or AVIF file has so few boxes that the image library may be asked about it: it reads all of them, which
 * takes seconds where there are millions of empty ones.
 */
export function* hasFewBoxes(): Reading<boolean> {
  let offset = 0;
  for (let boxes = 0; boxes <= maxBoxes; boxes += 1) {
    const header = yield { offset, length: 16 };
    const size = header.length < 8 ? toTheEnd : header.readUInt32BE(0);
    if (size === toTheEnd || (size === longSize && header.length < 16)) return true;
    const length = size === longSize ? Number(header.readBigUInt64BE(8)) : size;
    // A box that is smaller than its header is one with which the library ends as well.
    if (length < 8) return true;
    offset += length;
  }
  return false;
}
