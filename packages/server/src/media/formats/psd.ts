import type { Reading } from "../reading.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";

const headerLength = 26;

/** Reads the header of a Photoshop file (PSD, PSB). Whether the picture is transparent is found behind its layers. */
export function* psdHeader(): Reading<ImageHeader | undefined> {
  const header = yield { offset: 0, length: headerLength };
  if (header.length < headerLength || header.toString("latin1", 0, 4) !== "8BPS") return undefined;
  const isLarge = header.readUInt16BE(4) === 2;
  const layers = yield* layersOffset();
  const hasAlpha = layers !== undefined && (yield* hasTransparency(layers, isLarge));
  return validHeader({
    width: header.readUInt32BE(18),
    height: header.readUInt32BE(14),
    orientation: undefined,
    hasAlpha,
    animated: false,
  });
}

/** The number of layers is negative where a channel of its own holds the transparency of them all. */
function* hasTransparency(offset: number, isLarge: boolean): Reading<boolean> {
  const lengthBytes = isLarge ? 8 : 4;
  // The length of the section, that of the part with the layers, and their number. In a picture without layers, the
  // section may be empty, and pixels follow at once.
  const head = yield { offset, length: 2 * lengthBytes + 2 };
  if (head.length < 2 * lengthBytes + 2) return false;
  const length = isLarge ? head.readBigUInt64BE(0) : head.readUInt32BE(0);
  return length >= lengthBytes + 2 && head.readInt16BE(2 * lengthBytes) < 0;
}

/** Skips the two sections before that of the layers. @returns undefined where the file ends before */
function* layersOffset(): Reading<number | undefined> {
  let offset = headerLength;
  for (let sections = 0; sections < 2; sections += 1) {
    const length = yield { offset, length: 4 };
    if (length.length < 4) return undefined;
    offset += 4 + length.readUInt32BE(0);
  }
  return offset;
}
