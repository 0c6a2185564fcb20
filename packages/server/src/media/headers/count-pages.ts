import { numbersOf } from "./tiff-numbers.ts";

/**
 * How many frames or pages a file has, as far as somebody has to know before the image library sees it: it looks for each
 * frame of a WebP from the beginning and reads every directory of a TIFF, which takes minutes where they are many, and
 * nothing interrupts it. Other formats are read in one go.
 * @param most counting ends beyond it
 */
export function countPages(bytes: Buffer, mime: string, most: number): number {
  switch (mime) {
    case "image/webp":
      return countFrames(bytes, most);
    case "image/tiff":
      return countDirectories(bytes, most);
    default:
      return 1;
  }
}

const firstChunk = 12;
const chunkHeader = 8;

function countFrames(bytes: Buffer, most: number): number {
  let frames = 0;
  let offset = firstChunk;
  while (offset + chunkHeader <= bytes.length && frames <= most) {
    if (bytes.toString("latin1", offset, offset + 4) === "ANMF") frames += 1;
    const length = bytes.readUInt32LE(offset + 4);
    offset += chunkHeader + length + (length % 2);
  }
  return frames;
}

interface Layout {
  /** Where the first directory's offset stands, and the bytes of an offset, of a directory's count and of an entry. */
  readonly first: number;
  readonly offsetSize: 4 | 8;
  readonly countSize: 2 | 8;
  readonly entrySize: number;
}
const classic: Layout = { first: 4, offsetSize: 4, countSize: 2, entrySize: 12 };
const big: Layout = { first: 8, offsetSize: 8, countSize: 8, entrySize: 20 };

/** A chain that bites its tail goes on beyond `most`; the library would end it. */
function countDirectories(bytes: Buffer, most: number): number {
  const read = numbersOf(bytes);
  const layout = read(2, 2) === 43 ? big : classic;
  let directories = 0;
  let offset = read(layout.first, layout.offsetSize);
  while (offset > 0 && directories <= most) {
    directories += 1;
    const entries = read(offset, layout.countSize);
    offset = read(offset + layout.countSize + entries * layout.entrySize, layout.offsetSize);
  }
  return directories;
}
