import { type ByteSource, type Range, sliceSource } from "../byte-source.ts";
import type { Reading } from "../reading.ts";
import { exifPrefix, keepOrientation } from "./exif.ts";
import {
  decodeXmp,
  type FoundMetadata,
  type MetadataBlocks,
  maxBlocks,
  maxIptcBytes,
  nothingFound,
} from "./found-metadata.ts";
import { jpegSegments, jpegMarkers as markers, walkLikeLibrary } from "./jpeg-segments.ts";

const jfif = "JFIF\0";
const xmp = "http://ns.adobe.com/xap/1.0/\0";
const profile = "ICC_PROFILE\0";
const photoshop = "Photoshop 3.0\0";
const inchInCentimetres = 2.54;

export function* jpegBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const blocks: MetadataBlocks = {};
  // The resources of the whole file that may still be read: thousands of segments may each be full of resources.
  const budget = { resources: maxBlocks };
  const { head, take } = jpegSegments(maxBlocks);
  for (let segment = take(yield head); segment !== undefined; segment = take(yield head)) {
    const { marker, head: bytes, offset, length } = segment;
    const begins = (text: string): boolean => bytes.toString("latin1", 4, 4 + text.length) === text;
    const behind = (text: string): Range => ({ offset: offset + text.length, length: length - text.length });
    if (marker === markers.app0 && begins(jfif)) {
      blocks.density ??= jfifDensity(bytes);
    } else if (marker === markers.app1 && begins(exifPrefix)) {
      blocks.exif ??= sliceSource(source, offset + exifPrefix.length, length - exifPrefix.length);
    } else if (marker === markers.app1 && begins(xmp)) {
      blocks.xmp ??= decodeXmp(yield behind(xmp));
    } else if (marker === markers.app2 && begins(profile)) {
      blocks.hasColorProfile = true;
    } else if (marker === markers.app13 && begins(photoshop) && budget.resources > 0) {
      blocks.iptc ??= findIptc(yield behind(photoshop), budget);
    } else if (marker === markers.quantisation) {
      blocks.quantisation ??= yield { offset, length };
    }
  }
  return blocks;
}

function jfifDensity(start: Buffer): number | undefined {
  if (start.length < 14) return undefined;
  const unit = start[11];
  const density = start.readUInt16BE(12);
  if (density === 0) return undefined;
  return unit === 1 ? density : unit === 2 ? Math.round(density * inchInCentimetres) : undefined;
}

const resourceMarker = "8BIM";
const iptcResource = 0x0404;

/** Finds IPTC among Photoshop's image resources. Each resource has a name and is padded to an even length. */
function findIptc(resources: Buffer, budget: { resources: number }): Buffer | undefined {
  let offset = 0;
  for (; budget.resources > 0 && offset + 12 <= resources.length; budget.resources -= 1) {
    if (resources.toString("latin1", offset, offset + 4) !== resourceMarker) return undefined;
    const id = resources.readUInt16BE(offset + 4);
    const name = 1 + resources.readUInt8(offset + 6);
    const data = offset + 6 + name + (name % 2) + 4;
    if (data > resources.length) return undefined;
    const size = resources.readUInt32BE(data - 4);
    if (id === iptcResource) return resources.subarray(data, data + Math.min(size, maxIptcBytes));
    offset = data + size + (size % 2);
  }
  return undefined;
}

/** Sum of the luminance table that ITU-T T.81 gives as an example (Annex K), which libjpeg scales by the quality. */
const standardSum = 3688;
const tableEntries = 64;

/**
 * Estimates the quality, 1 to 100, with which a JPEG was written; 0 if its table doesn't tell.
 * @param quantisation the first segment of quantisation tables
 */
export function jpegQuality(quantisation: Buffer | undefined): number {
  // The segment has to begin with the table of luminance, with eight bits a value.
  if (quantisation === undefined || quantisation.length < 1 + tableEntries || quantisation[0] !== 0) return 0;
  const total = quantisation.subarray(1, 1 + tableEntries).reduce((sum, value) => sum + value, 0);
  const scale = (100 * total) / standardSum;
  const quality = scale <= 100 ? 100 - scale / 2 : 5000 / scale;
  return Math.min(100, Math.max(1, Math.round(quality)));
}

/** As much of the names of segments as the image library compares. */
const exifName = "Exif";
const profileName = "ICC_PROFILE";
/** The name with its end, the number of the part, and the number of all parts. */
const profileHead = profileName.length + 3;
const partAt = profileName.length + 1;

/** Finds all segments of EXIF, and the parts of a colour profile in the order in which the library joins them. */
export function* jpegMetadata(): Reading<FoundMetadata> {
  const segments: (Range & { readonly marker: number })[] = [];
  yield* walkLikeLibrary(false, (segment) => segments.push(segment));
  const found = nothingFound();
  const profileSegments: Range[] = [];
  const parts = new Map<number, Range>();
  for (const place of segments) {
    const { marker, offset, length } = place;
    if (marker !== markers.app1 && marker !== markers.app2) continue;
    const head = (yield { offset, length: Math.min(profileHead, length) }).toString("latin1");
    if (marker === markers.app1 && head.startsWith(exifName)) {
      found.exif.push({ place, hide: (copy, orientation) => keepOrientation(copy, place, orientation) });
    }
    if (marker === markers.app2 && head.startsWith(profileName) && head.length === profileHead) {
      profileSegments.push(place);
      parts.set(head.charCodeAt(partAt), { offset: offset + profileHead, length: length - profileHead });
    }
  }
  const profile = { parts: joined(parts), hide: (copy: Buffer) => rename(copy, profileSegments) };
  if (profile.parts.length > 0) found.profiles.push(profile);
  return found;
}

/** The parts from the first one on, up to a number that is missing. Of parts of the same number the last one counts. */
function joined(parts: ReadonlyMap<number, Range>): readonly Range[] {
  const ranges: Range[] = [];
  for (let number = 1; ; number += 1) {
    const part = parts.get(number);
    if (part === undefined) return ranges;
    ranges.push(part);
  }
}

function rename(copy: Buffer, segments: readonly Range[]): void {
  for (const { offset } of segments) copy.write(profileName.toLowerCase(), offset, "latin1");
}
