/** The sizes and positions in a TIFF. An entry has a tag and a type of two bytes each, a count, and values or their offset. */
export interface TiffLayout {
  /** The position at which the offset of the first directory stands. */
  readonly first: number;
  /** The bytes of an offset, of a count of values, and of the values that stand in their entry. */
  readonly offsetSize: 4 | 8;
  /** The bytes of a directory's number of entries. */
  readonly countSize: 2 | 8;
  readonly entrySize: number;
  /** The positions of a value's type, of the count of values, and of the values or their offset, in an entry. */
  readonly typeAt: number;
  readonly countAt: number;
  readonly valueAt: number;
}

const entry = { typeAt: 2, countAt: 4 } as const;
export const classic: TiffLayout = { first: 4, offsetSize: 4, countSize: 2, entrySize: 12, ...entry, valueAt: 8 };
export const big: TiffLayout = { first: 8, offsetSize: 8, countSize: 8, entrySize: 20, ...entry, valueAt: 12 };

/** The numbers that follow the order of the bytes. */
export const classicTiff = 42;
export const bigTiff = 43;
