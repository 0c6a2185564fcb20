import type { PsdDocument } from "./psd-document.ts";

/** One channel, a byte for each pixel. */
export type Plane = Uint8Array;

const unpacked = 0;
const runLengths = 1;

/** Packed channels of one size, one after the other. */
export type PackedPlanes = Pick<PsdDocument, "packed" | "width" | "height" | "depth" | "channels" | "isLarge">;

/**
 * Unpacks the first channels.
 * @throws RangeError for damaged pixels
 */
export function unpackPlanes(planes: PackedPlanes, count: number): readonly Plane[] {
  const { packed, width, height, depth, channels } = planes;
  if (count > channels) throw new RangeError("A channel is missing");
  const rowBytes = Math.ceil((width * depth) / 8);
  const compression = packed.readUInt16BE(0);
  if (compression === unpacked) {
    return Array.from({ length: count }, (_, channel) => {
      const rows = packed.subarray(2 + channel * rowBytes * height, 2 + (channel + 1) * rowBytes * height);
      if (rows.length < rowBytes * height) throw new RangeError("Pixels are missing");
      return planeOf(planes, (row) => rows.subarray(row * rowBytes, (row + 1) * rowBytes));
    });
  }
  if (compression !== runLengths) throw new RangeError("Pixels are packed in an unknown way");
  const rowAt = rowsOf(planes);
  const row = new Uint8Array(rowBytes);
  return Array.from({ length: count }, (_, channel) =>
    planeOf(planes, (index) => unpackRow(rowAt(channel * height + index), row)),
  );
}

/** Finds the packed rows. They are asked for in their order. */
function rowsOf({ packed, channels, height, isLarge }: PackedPlanes): (row: number) => Buffer {
  const lengthBytes = isLarge ? 4 : 2;
  let start = 2 + channels * height * lengthBytes;
  return (row) => {
    const end = start + packed.readUIntBE(2 + row * lengthBytes, lengthBytes);
    const found = packed.subarray(start, end);
    start = end;
    return found;
  };
}

function planeOf({ width, height, depth }: PackedPlanes, rowAt: (row: number) => Uint8Array): Plane {
  const plane = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = rowAt(y);
    const to = y * width;
    if (depth === 8) plane.set(row, to);
    else if (depth === 16) for (let x = 0; x < width; x += 1) plane[to + x] = row[2 * x] ?? 0;
    // A bit that is set is black.
    else for (let x = 0; x < width; x += 1) plane[to + x] = ((row[x >> 3] ?? 0) >> (7 - (x & 7))) & 1 ? 0 : 255;
  }
  return plane;
}

/** Unpacks a row of PackBits into the memory of another. */
function unpackRow(packed: Uint8Array, row: Uint8Array): Uint8Array {
  let from = 0;
  let to = 0;
  while (to < row.length) {
    const head = packed[from];
    if (head === undefined) throw new RangeError("A row ends early");
    from += 1;
    if (head === nothing) continue;
    const repeats = head > nothing;
    const count = repeats ? 257 - head : head + 1;
    const end = from + (repeats ? 1 : count);
    if (end > packed.length || to + count > row.length) throw new RangeError("A row is damaged");
    // Most runs are short, and a loop copies them in the least time.
    for (let index = 0; index < count; index += 1) row[to + index] = packed[repeats ? from : from + index] ?? 0;
    from = end;
    to += count;
  }
  return row;
}

const nothing = 128;
