import { type Reading, readWithin } from "../reading.ts";
import { exifOrientation, exifPrefix } from "./exif.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";
import { type Part, type Walk, walkParts } from "./walk.ts";

export const jpegMarkers = {
  huffman: 0xc4,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  quantisation: 0xdb,
  restart: 0xdd,
  app0: 0xe0,
  app1: 0xe1,
  app2: 0xe2,
  app13: 0xed,
  app14: 0xee,
  app15: 0xef,
  comment: 0xfe,
  fill: 0xff,
} as const;

export interface JpegSegment extends Part {
  readonly marker: number;
  /** The first bytes of the segment, with its marker and its length. */
  readonly head: Buffer;
}

const firstSegment = 2;
/** The marker, the length, and the longest name by which segments are told apart: that of XMP. */
const headBytes = 4 + 29;

/** @returns undefined where there is no marker with a length. A fill byte is a part of its own. */
function segmentOf(head: Buffer, start: number): JpegSegment | undefined {
  if (head.length < 4 || head[0] !== jpegMarkers.fill) return undefined;
  const marker = head.readUInt8(1);
  const size = head.readUInt16BE(2);
  const end = start + (marker === jpegMarkers.fill ? 1 : 2 + size);
  // A damaged segment has a negative length.
  return { marker, head, start, offset: start + 4, length: size - 2, end };
}

/** The segment at a position of a file that is wholly in memory. */
export function jpegSegmentAt(bytes: Buffer, start: number): JpegSegment | undefined {
  return segmentOf(bytes.subarray(start, start + headBytes), start);
}

/** Walks the segments before the pixels. The walk ends where one isn't in order. */
export function jpegSegments(maxParts: number, bytesOfEach = headBytes): Walk<JpegSegment> {
  return walkParts(firstSegment, maxParts, bytesOfEach, (head, start) => {
    const segment = segmentOf(head, start);
    const { marker } = segment ?? {};
    return marker === jpegMarkers.startOfScan || marker === jpegMarkers.endOfImage ? undefined : segment;
  });
}

/** A marker, the length of its segment, and up to the number of colours in a frame. */
const frameHeadBytes = 10;
const maxHeaderSegments = 2000;

/** Reads the segments before the pixels. Undefined when the segments aren't in order or have no frame header. */
export function* jpegHeader(): Reading<ImageHeader | undefined> {
  let frame: { width: number; height: number } | undefined;
  let orientation: number | undefined;
  let hasExif = false;
  const { head, take } = jpegSegments(maxHeaderSegments, frameHeadBytes);
  for (let segment = take(yield head); segment !== undefined; segment = take(yield head)) {
    const { marker, head: bytes } = segment;
    if (isFrame(marker) && bytes.length >= 9) frame ??= { height: bytes.readUInt16BE(5), width: bytes.readUInt16BE(7) };
    // Only the first block counts, as in the library. Otherwise each of thousands of blocks would be read to its end.
    if (!hasExif && marker === jpegMarkers.app1 && bytes.toString("latin1", 4, 4 + exifPrefix.length) === exifPrefix) {
      hasExif = true;
      orientation = yield* readWithin(segment, exifOrientation());
    }
  }
  return frame && validHeader({ ...frame, orientation, hasAlpha: false, animated: false });
}

/** Whether a marker is one of SOF0 to SOF15. DHT, JPG and DAC have numbers between theirs. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** The most segments of one picture. A colour profile takes 255 at most, and each scan of the pixels a few. */
const maxSegments = 2000;
/** The most scans of one picture. Encoders write some ten, and hardly more than twenty where they look for the best. */
const maxScans = 100;
/**
 * The most pixels that all scans have together. The library goes through all pixels for each scan, even if the scan
 * says nothing of them. That takes it 0.2 to 0.4 s for so many. They are ten scans of the largest picture, and more.
 */
const maxScannedPixels = 1_500_000_000;

const searchBytes = 16 * 1024;

/**
 * Whether the image library may be asked about a JPEG. It looks at all segments up to the pixels, and keeps most of them
 * in memory: of a file of 40 MB, millions of empty ones take half a minute and four gigabytes. Where the pixels come in
 * several scans, it looks at those between them as well. Like the library, this function skips what is no segment.
 * @param isDecoded whether the library is asked for the pixels as well
 */
export function hasFewSegments(isDecoded: boolean): Reading<boolean> {
  return walkLikeLibrary(isDecoded, () => undefined);
}

/**
 * Walks the segments as far as the library looks at them.
 * @returns whether there are as few segments, scans and pixels as the library may be asked about
 */
export function* walkLikeLibrary(
  isDecoded: boolean,
  visit: (segment: Pick<JpegSegment, "marker" | "offset" | "length">) => void,
): Reading<boolean> {
  let offset = firstSegment;
  let frame: Frame | undefined;
  let scans = 0;
  let isSearching = false;
  for (let steps = 0; steps < maxSegments; ) {
    const length = isSearching ? searchBytes : frameHeadBytes;
    const bytes = yield { offset, length };
    const place = markerIn(bytes);
    if (place === undefined) {
      if (bytes.length < length) return true;
      // The last byte may begin a marker.
      offset += bytes.length - 1;
      isSearching = true;
      if (scans === 0) steps += 1;
      continue;
    }
    isSearching = false;
    offset += place;
    if (place > 0) continue;
    steps += 1;
    const marker = bytes[1] ?? 0;
    if (marker === jpegMarkers.endOfImage || bytes.length < frameHeadBytes) return true;
    const size = bytes.readUInt16BE(2);
    visit({ marker, offset: offset + 4, length: Math.max(size - 2, 0) });
    if (isFrame(marker)) frame ??= readFrame(marker, bytes);
    if (marker === jpegMarkers.startOfScan) {
      if (!isDecoded || frame === undefined || isOnlyScan(frame, bytes[4])) return true;
      scans += 1;
      if (scans > maxScans || scans * frame.pixels > maxScannedPixels) return false;
      isSearching = true;
    }
    offset += 2 + size;
  }
  return false;
}

interface Frame {
  readonly isProgressive: boolean;
  readonly colours: number;
  readonly pixels: number;
}

function readFrame(marker: number, bytes: Buffer): Frame {
  return {
    isProgressive: !singleScanFrames.has(marker),
    colours: bytes[9] ?? 0,
    pixels: bytes.readUInt16BE(5) * bytes.readUInt16BE(7),
  };
}

/** The markers of frames whose scans have all bits of their colours: the others are progressive, or not decoded. */
const singleScanFrames: ReadonlySet<number | undefined> = new Set([0xc0, 0xc1]);

/** Whether the library decodes a picture row by row, and reads no further than its pixels. */
function isOnlyScan({ isProgressive, colours }: Frame, coloursOfScan: number | undefined): boolean {
  return !isProgressive && coloursOfScan === colours;
}

/** Finds a marker that begins a segment or ends the picture. Others stand alone, fill gaps, or are of the pixels. */
function markerIn(bytes: Buffer): number | undefined {
  const last = bytes.length - 1;
  for (let place = bytes.indexOf(0xff); place !== -1; place = bytes.indexOf(0xff, place)) {
    for (const end = Math.min(place + bytesAtOnce, last); place < end; place += 1) {
      if (bytes[place] === 0xff && isSegment(bytes[place + 1] ?? 0)) return place;
    }
    if (place === last) return undefined;
  }
  return undefined;
}

/** To look at so many bytes takes no longer than a search for the next marker, of which hostile pixels are full. */
const bytesAtOnce = 16;

function isSegment(marker: number): boolean {
  return marker > 0x01 && marker < 0xff && (marker < 0xd0 || marker > 0xd8);
}
