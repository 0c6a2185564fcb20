import { crc32 } from "node:zlib";
import { chunkOverhead, pngChunks } from "../../formats/png.ts";
import { partsIn } from "../../formats/walk.ts";
import type { Parts } from "./parts.ts";

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const headerLength = chunkOverhead + 13;
const maxChunks = 20_000;

/**
 * The chunks that may stay: the picture, its transparency, its colours and the shape of its pixels. A chunk that every
 * reader must understand, browsers included, is either one of these or not known here. All other chunks may be left
 * out.
 */
const kept: ReadonlySet<string> = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "cHRM",
  "cICP",
  "gAMA",
  "iCCP",
  "pHYs",
  "sRGB",
]);

/** The chunks that make an animation. A rendering of an animated PNG has one frame alone. */
const animated: ReadonlySet<string> = new Set(["acTL", "fcTL", "fdAT"]);

export function stripPng(bytes: Buffer): Parts | undefined {
  if (!bytes.subarray(0, signature.length).equals(signature)) return undefined;
  const parts: Buffer[] = [signature];
  const seen = new Set<string>();
  let last = "";
  for (const { type, start, end } of partsIn(bytes, pngChunks(maxChunks))) {
    if (end > bytes.length || !isInPlace(type, last, seen)) return undefined;
    const chunk = bytes.subarray(start, end);
    if (kept.has(type)) {
      if (type === "IHDR" && chunk.length !== headerLength) return undefined;
      if (type !== "IDAT" && !isIntact(chunk)) return undefined;
      parts.push(chunk);
      seen.add(type);
    } else if (!isAncillary(type) || animated.has(type)) {
      return undefined;
    }
    if (type === "IEND") return chunk.length === chunkOverhead && seen.has("IDAT") ? parts : undefined;
    last = type;
  }
  return undefined;
}

/**
 * Whether a chunk is in its place: the header comes first, and the parts of the picture follow one another. Of the
 * other chunks there is one each, before the picture.
 */
function isInPlace(type: string, last: string, seen: ReadonlySet<string>): boolean {
  if (seen.size === 0) return type === "IHDR";
  if (type === "IDAT") return last === "IDAT" || !seen.has("IDAT");
  if (!kept.has(type) || type === "IEND") return true;
  return !seen.has(type) && !seen.has("IDAT");
}

/** Whether the chunk's checksum is right. */
function isIntact(chunk: Buffer): boolean {
  const end = chunk.length - 4;
  return crc32(chunk.subarray(4, end)) === chunk.readUInt32BE(end);
}

/** Whether the type begins with a lower-case letter. A reader that doesn't know such a chunk may leave it out. */
function isAncillary(type: string): boolean {
  return /^[a-z][a-zA-Z]{3}$/.test(type);
}
