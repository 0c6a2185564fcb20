import type { Range } from "../../byte-source.ts";
import { exifPrefix } from "../headers/exif-orientation.ts";

/** Changes a copy of a file so that the image library passes over a part of it. The copy keeps its length. */
export type Hide = (copy: Buffer) => void;

export interface FoundExif {
  readonly place: Range;
  /** @param orientation what remains of the block in formats that the library turns upright by their EXIF */
  readonly hide: (copy: Buffer, orientation: number) => void;
}

export interface FoundProfile {
  /** The places of the profile's parts, in their order. */
  readonly parts: readonly Range[];
  readonly isDeflated?: boolean;
  readonly hide: Hide;
}

/** The metadata that the image library hands to its readers of EXIF and colour profiles. */
export interface FoundMetadata {
  readonly exif: readonly FoundExif[];
  readonly profiles: readonly FoundProfile[];
  /** Parts that the library isn't shown, whatever they say. */
  readonly unwanted: readonly Hide[];
}

export const noMetadata: FoundMetadata = { exif: [], profiles: [], unwanted: [] };

/** A directory of one entry, the orientation, which stands at `orientationAt`. */
const directory = Buffer.from("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0", "latin1");
const orientationAt = 18;

/**
 * Writes a block of EXIF anew, which then states the orientation and nothing else. The block keeps its place, its length,
 * and the prefix that it may begin with. A block that states many entries, and ends before them, has no room.
 */
export function keepOrientation(copy: Buffer, { offset, length }: Range, orientation: number): void {
  const block = copy.subarray(offset, offset + length);
  const start = block.toString("latin1", 0, exifPrefix.length) === exifPrefix ? exifPrefix.length : 0;
  block.fill(0, start);
  directory.copy(block, start);
  if (start + orientationAt < block.length) block.writeUInt8(orientation, start + orientationAt);
}
