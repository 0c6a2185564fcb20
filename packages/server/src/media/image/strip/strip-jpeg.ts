import { setImmediate } from "node:timers/promises";
import { jpegSegmentAt, jpegMarkers as markers } from "../../formats/jpeg-segments.ts";
import { isProfileOf, type Parts, type StripOptions } from "./parts.ts";

const startOfImage = Buffer.from([0xff, 0xd8]);
const endOfImage = Buffer.from([0xff, markers.endOfImage]);
/** The frames that browsers show: baseline, extended and progressive, with Huffman codes. */
const frames: readonly number[] = [0xc0, 0xc1, 0xc2];
/** A progressive picture has some forty segments. */
const maxSegments = 1000;

interface Jpeg {
  jfif?: Buffer;
  adobe?: Buffer;
  components?: number;
  /** Whether the first scan has begun. Readers ignore what a segment after it says about the picture. */
  isShown?: boolean;
  readonly profile: Buffer[];
  /** The picture reaches from the tables to the end of the last scan. */
  readonly picture: Buffer[];
}

/**
 * Keeps the tables, the frame and the scans. Of the metadata it keeps the density, the colour transform, the colour
 * profile and the orientation, each written anew or checked. The result ends with the file's own picture. A second
 * picture or a film that a phone has put behind it is removed.
 */
export async function stripJpeg(bytes: Buffer, { orientation, maxBytes }: StripOptions): Promise<Parts | undefined> {
  const jpeg: Jpeg = { profile: [], picture: [] };
  if (!bytes.subarray(0, 2).equals(startOfImage) || !(await readSegments(bytes, jpeg, maxBytes))) return undefined;
  const { jfif, adobe, components, profile, picture } = jpeg;
  const colours = components === 1 ? "GRAY" : components === 3 ? "RGB " : undefined;
  if (colours === undefined || !isWholeProfile(profile, colours)) return undefined;
  return [
    startOfImage,
    ...(jfif === undefined ? [] : [jfif]),
    ...(orientation > 1 ? [orientationSegment(orientation)] : []),
    ...profile,
    ...(adobe === undefined ? [] : [adobe]),
    ...picture,
    endOfImage,
  ];
}

/** @returns whether all segments are in order, up to the end of the image */
async function readSegments(bytes: Buffer, jpeg: Jpeg, maxBytes: number): Promise<boolean> {
  let offset = 2;
  let scans = 0;
  let kept = 0;
  for (let segments = 0; segments < maxSegments && kept < maxBytes; segments += 1) {
    if (bytes.subarray(offset, offset + 2).equals(endOfImage)) return scans > 0;
    const { marker, length = -1, end = 0 } = jpegSegmentAt(bytes, offset) ?? {};
    if (marker === undefined || length < 0 || end > bytes.length) return false;
    if (!takeSegment(marker, bytes.subarray(offset, end), jpeg)) return false;
    offset = end;
    if (marker === markers.startOfScan) {
      if (jpeg.components === undefined) return false;
      const scanEnd = await endOfScan(bytes, end);
      if (scanEnd === undefined) return false;
      jpeg.picture.push(bytes.subarray(end, scanEnd));
      kept += scanEnd - end;
      scans += 1;
      offset = scanEnd;
    }
  }
  return false;
}

/** @returns whether the file may have such a segment */
function takeSegment(marker: number, segment: Buffer, jpeg: Jpeg): boolean {
  const content = segment.subarray(4);
  const begins = (text: string): boolean => content.toString("latin1", 0, text.length) === text;
  switch (marker) {
    case markers.app0:
      if (!jpeg.isShown && begins("JFIF\0") && content.length >= 14) jpeg.jfif ??= jfifWithoutThumbnail(content);
      return true;
    case markers.app2:
      if (!jpeg.isShown && begins(profileName)) jpeg.profile.push(segment);
      return true;
    case markers.app14:
      if (jpeg.isShown || !begins("Adobe") || content.length < 12) return true;
      // If two Adobe segments differ, readers may take either.
      if (jpeg.adobe !== undefined) return false;
      jpeg.adobe = segmentOf(markers.app14, content.subarray(0, 12));
      return true;
    case markers.comment:
      return true;
    case markers.quantisation:
      jpeg.picture.push(segment);
      return isWholeTables(content, (at) => 1 + ((content[at] ?? 0) >> 4 === 0 ? 64 : 128));
    case markers.huffman:
      jpeg.picture.push(segment);
      return isWholeTables(
        content,
        (at) => 17 + content.subarray(at + 1, at + 17).reduce((sum, codes) => sum + codes, 0),
      );
    case markers.restart:
      jpeg.picture.push(segment);
      return content.length === 2;
    case markers.startOfScan:
      jpeg.isShown = true;
      jpeg.picture.push(segment);
      return content.length === 4 + 2 * (content[0] ?? 0);
    default:
      if (marker > markers.app0 && marker <= markers.app15) return true;
      return frames.includes(marker) && takeFrame(segment, content, jpeg);
  }
}

/** Takes one frame with eight bits a sample, whose height is known beforehand. */
function takeFrame(segment: Buffer, content: Buffer, jpeg: Jpeg): boolean {
  const [precision, heightHigh, heightLow, , , components = 0] = content;
  if (jpeg.components !== undefined || precision !== 8 || (heightHigh === 0 && heightLow === 0)) return false;
  jpeg.components = components;
  jpeg.picture.push(segment);
  return content.length === 6 + 3 * components;
}

/** Whether the segment consists of whole tables, one after the other, the last of which ends with the segment. */
function isWholeTables(content: Buffer, lengthAt: (offset: number) => number): boolean {
  let offset = 0;
  while (offset < content.length) offset += lengthAt(offset);
  return offset === content.length;
}

/**
 * The number of bytes of 0xff within a scan that are looked at in one go (`turn`), and in all (`maxScrollKeys`). In an
 * honest scan every 256th byte is one.
 */
const turn = 20_000;
const maxScrollKeys = 1_000_000;

/** Finds the end of the coded data: a marker that is neither an escaped byte nor a restart marker. */
async function endOfScan(bytes: Buffer, start: number): Promise<number | undefined> {
  let at = start;
  for (let marks = 0; marks < maxScrollKeys; marks += 1) {
    at = bytes.indexOf(0xff, at);
    const next = at === -1 ? undefined : bytes[at + 1];
    if (next === undefined) return undefined;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
    at += 2;
    if (marks % turn === turn - 1) await setImmediate();
  }
  return undefined;
}

const profileName = "ICC_PROFILE\0";
const profileHead = profileName.length + 2;

/** Whether the segments are all parts of one profile, in their order. No segments at all are in order as well. */
function isWholeProfile(segments: readonly Buffer[], colours: string): boolean {
  const contents = segments.map((segment) => segment.subarray(4));
  const inOrder = contents.every(
    (content, index) =>
      content.length > profileHead &&
      content[profileName.length] === index + 1 &&
      content[profileName.length + 1] === contents.length,
  );
  if (contents.length === 0 || !inOrder) return inOrder;
  return isProfileOf(Buffer.concat(contents.map((content) => content.subarray(profileHead))), colours);
}

/** Keeps version, unit and density, and states a thumbnail without a pixel. */
function jfifWithoutThumbnail(content: Buffer): Buffer {
  return segmentOf(markers.app0, Buffer.concat([content.subarray(0, 12), Buffer.of(0, 0)]));
}

/** An EXIF segment that states nothing but the orientation. */
function orientationSegment(orientation: number): Buffer {
  const exif = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0", "latin1");
  exif.writeUInt16BE(orientation, 24);
  return segmentOf(markers.app1, exif);
}

function segmentOf(marker: number, content: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(2 + content.length, 2);
  return Buffer.concat([head, content]);
}
