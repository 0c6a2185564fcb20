/** The key of the block that holds a layer's name in Unicode. */
const unicodeName = "luni";

/**
 * Reads the name of a layer.
 * @param extra what the file says of the layer behind the way in which it is blended
 * @returns nothing for what can't be read
 */
export function layerName(extra: Buffer): string {
  const mask = endOfSection(extra, 0);
  const ranges = mask === undefined ? undefined : endOfSection(extra, mask);
  if (ranges === undefined || ranges >= extra.length) return "";
  const length = extra.readUInt8(ranges);
  // The short name is filled up to four bytes, with the byte of its length.
  const blocks = ranges + 4 * Math.ceil((length + 1) / 4);
  return nameIn(extra.subarray(blocks)) ?? extra.toString("latin1", ranges + 1, ranges + 1 + length);
}

function endOfSection(extra: Buffer, offset: number): number | undefined {
  return offset + 4 > extra.length ? undefined : offset + 4 + extra.readUInt32BE(offset);
}

/** Each block is a signature, a key and the length of its data. */
function nameIn(blocks: Buffer): string | undefined {
  for (let offset = 0; offset + 12 <= blocks.length; ) {
    const length = blocks.readUInt32BE(offset + 8);
    const data = blocks.subarray(offset + 12, offset + 12 + length);
    if (blocks.toString("latin1", offset + 4, offset + 8) === unicodeName) return unicodeText(data);
    offset += 12 + length + (length % 2);
  }
  return undefined;
}

/** The number of UTF-16 units, and the units themselves. A zero may end them. */
function unicodeText(data: Buffer): string | undefined {
  if (data.length < 4) return undefined;
  const end = Math.min(data.length, 4 + 2 * data.readUInt32BE(0));
  const units = Buffer.from(data.subarray(4, end - (end % 2)));
  return units.swap16().toString("utf16le").replace(/\0+$/, "");
}
