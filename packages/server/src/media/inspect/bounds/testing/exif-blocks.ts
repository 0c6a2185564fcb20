/** A directory of EXIF: its entries, each a tag with the place of another directory or a number, and what follows it. */
export interface Directory {
  readonly entries: readonly (readonly [tag: number, value: number])[];
  /** The directory that follows, by its place. */
  readonly next?: number;
}

export const pointers = { exif: 0x8769, gps: 0x8825, interoperability: 0xa005 } as const;
export const orientation = 0x0112;
const pointerTags: readonly number[] = Object.values(pointers);

/** An EXIF block. The values of pointers are the places of directories in the list. */
export function exifOf(directories: readonly Directory[], order: "II" | "MM" = "II"): Buffer {
  const lengths = directories.map(({ entries }) => 2 + 12 * entries.length + 4);
  const offsets = lengths.map((_, index) => 8 + lengths.slice(0, index).reduce((sum, length) => sum + length, 0));
  const bytes = Buffer.alloc(8 + lengths.reduce((sum, length) => sum + length, 0));
  const put = (value: number, offset: number, size: number) =>
    order === "II" ? bytes.writeUIntLE(value, offset, size) : bytes.writeUIntBE(value, offset, size);
  bytes.write(order);
  put(42, 2, 2);
  put(8, 4, 4);
  for (const [index, { entries, next }] of directories.entries()) {
    const start = offsets[index] ?? 0;
    put(entries.length, start, 2);
    for (const [place, [tag, value]] of entries.entries()) {
      const at = start + 2 + 12 * place;
      const isPointer = pointerTags.includes(tag);
      put(tag, at, 2);
      put(isPointer ? 4 : 3, at + 2, 2);
      put(1, at + 4, 4);
      put(isPointer ? (offsets[value] ?? 0) : value, at + 8, isPointer ? 4 : 2);
    }
    put(next === undefined ? 0 : (offsets[next] ?? 0), start + 2 + 12 * entries.length, 4);
  }
  return bytes;
}

/** A block of 7 KB whose only directory leads to itself six hundred times. It is to be shown turned to the right. */
export const circularExif: Buffer = exifOf([
  {
    entries: [
      [orientation, 6],
      ...Array.from({ length: 600 }, (_, index) => [pointerTags[index % 3] ?? 0, 0] as const),
    ],
  },
]);
