/** Reads an unsigned number of 1, 2, 4 or 8 bytes. A number beyond the exact integers is no offset in any file. */
export type ReadNumber = (bytes: Buffer, offset: number, size: number) => number;

const littleEndian: ReadNumber = (bytes, offset, size) =>
  size === 8 ? Number(bytes.readBigUInt64LE(offset)) : bytes.readUIntLE(offset, size);
const bigEndian: ReadNumber = (bytes, offset, size) =>
  size === 8 ? Number(bytes.readBigUInt64BE(offset)) : bytes.readUIntBE(offset, size);

export function isLittleEndian(tiff: Buffer): boolean {
  return tiff.toString("latin1", 0, 2) === "II";
}

export function readNumberOf(tiff: Buffer): ReadNumber {
  return isLittleEndian(tiff) ? littleEndian : bigEndian;
}

/**
 * Reads the numbers of a TIFF that is wholly in memory. A number that lies beyond its end is 0, which is no directory
 * and no entry.
 */
export function numbersOf(tiff: Buffer): (offset: number, size: number) => number {
  const number = readNumberOf(tiff);
  return (offset, size) => (offset + size > tiff.length ? 0 : number(tiff, offset, size));
}
