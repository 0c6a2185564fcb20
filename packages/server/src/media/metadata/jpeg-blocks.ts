import { type ByteSource, type Range, sliceSource } from "../byte-source.ts";
import { exifPrefix } from "../inspect/headers/exif-orientation.ts";
import type { Reading } from "../reading.ts";
import { decodeXmp, type MetadataBlocks, type MutableBlocks, maxIptcBytes, maxParts } from "./blocks.ts";

const markers = { app0: 0xe0, app1: 0xe1, app2: 0xe2, app13: 0xed, dqt: 0xdb, scan: 0xda, end: 0xd9, fill: 0xff };
const jfif = "JFIF\0";
const xmp = "http://ns.adobe.com/xap/1.0/\0";
const profile = "ICC_PROFILE\0";
const photoshop = "Photoshop 3.0\0";
const inchInCentimetres = 2.54;

export function* jpegBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const blocks: MutableBlocks = {};
  const budget: Budget = { resources: maxParts };
  let offset = 2;
  for (let parts = 0; parts < maxParts; parts += 1) {
    const start = yield { offset, length: 4 + xmp.length };
    const marker = start[1];
    if (start.length < 4 || start[0] !== markers.fill || marker === markers.scan || marker === markers.end) break;
    if (marker === markers.fill) {
      offset += 1;
      continue;
    }
    const length = start.readUInt16BE(2) - 2;
    yield* readSegment(source, start, { offset: offset + 4, length }, blocks, budget);
    offset += 4 + length;
  }
  return blocks;
}

/** The resources of the whole file that may still be read: thousands of segments may each be full of resources. */
interface Budget {
  resources: number;
}

function* readSegment(
  source: ByteSource,
  start: Buffer,
  { offset, length }: Range,
  blocks: MutableBlocks,
  budget: Budget,
): Reading<void> {
  const marker = start[1];
  const begins = (text: string): boolean => start.toString("latin1", 4, 4 + text.length) === text;
  const behind = (text: string): Range => ({ offset: offset + text.length, length: length - text.length });
  if (marker === markers.app0 && begins(jfif)) {
    blocks.density ??= jfifDensity(start);
  } else if (marker === markers.app1 && begins(exifPrefix)) {
    blocks.exif ??= sliceSource(source, offset + exifPrefix.length, length - exifPrefix.length);
  } else if (marker === markers.app1 && begins(xmp)) {
    blocks.xmp ??= decodeXmp(yield behind(xmp));
  } else if (marker === markers.app2 && begins(profile)) {
    blocks.hasColorProfile = true;
  } else if (marker === markers.app13 && begins(photoshop) && budget.resources > 0) {
    blocks.iptc ??= findIptc(yield behind(photoshop), budget);
  } else if (marker === markers.dqt) {
    blocks.quantisation ??= yield { offset, length };
  }
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
function findIptc(resources: Buffer, budget: Budget): Buffer | undefined {
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
