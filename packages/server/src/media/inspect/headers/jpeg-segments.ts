import type { Reading } from "../../reading.ts";
import { isFrame } from "./jpeg-header.ts";

/** The most segments of one picture. A colour profile takes 255 at most, and each scan of the pixels a few. */
const maxSegments = 2000;
/** The most scans of one picture. Encoders write some ten, and hardly more than twenty where they look for the best. */
const maxScans = 100;
/**
 * The most pixels that all scans have together. The library goes through all pixels for each scan, even if the scan
 * says nothing of them. That takes it 0.2 to 0.4 s for so many. They are ten scans of the largest picture, and more.
 */
const maxScannedPixels = 1_500_000_000;

const firstSegment = 2;
/** A marker, the length of its segment, and up to the number of colours in a frame. */
const headBytes = 10;
const searchBytes = 16 * 1024;

const startOfScan = 0xda;
const endOfImage = 0xd9;

export interface JpegSegment {
  readonly marker: number;
  readonly offset: number;
  /** The bytes of the content, which begins behind the marker and the length. */
  readonly length: number;
}

/**
 * Whether the image library may be asked about a JPEG. It looks at all segments up to the pixels, and keeps most of them
 * in memory: of a file of 40 MB, millions of empty ones take half a minute and four gigabytes. Where the pixels come in
 * several scans, it looks at those between them as well. Like the library, this function skips what is no segment.
 * @param isDecoded whether the library is asked for the pixels as well
 */
export function* hasFewSegments(isDecoded: boolean): Reading<boolean> {
  return yield* walkSegments(isDecoded, () => undefined);
}

/** Finds the segments before the pixels, as far as the library looks at them. */
export function* segmentsBeforePixels(): Reading<readonly JpegSegment[]> {
  const segments: JpegSegment[] = [];
  yield* walkSegments(false, (segment) => segments.push(segment));
  return segments;
}

/** @returns whether there are as few segments, scans and pixels as the library may be asked about */
function* walkSegments(isDecoded: boolean, visit: (segment: JpegSegment) => void): Reading<boolean> {
  let offset = firstSegment;
  let frame: Frame | undefined;
  let scans = 0;
  let isSearching = false;
  for (let steps = 0; steps < maxSegments; ) {
    const length = isSearching ? searchBytes : headBytes;
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
    if (marker === endOfImage || bytes.length < headBytes) return true;
    const size = bytes.readUInt16BE(2);
    visit({ marker, offset: offset + 4, length: Math.max(size - 2, 0) });
    if (isFrame(marker)) frame ??= readFrame(marker, bytes);
    if (marker === startOfScan) {
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
