import { crc32, inflateSync } from "node:zlib";
import type { ByteSource, Range } from "../byte-source.ts";
import { type Reading, readWithin } from "../reading.ts";
import { exifOrientation, keepOrientation } from "./exif.ts";
import {
  decodeXmp,
  exifBlock,
  type FoundMetadata,
  type Hide,
  type MetadataBlocks,
  maxBlocks,
  maxXmpBytes,
  nothingFound,
} from "./found-metadata.ts";
import { type ImageHeader, validHeader } from "./image-header.ts";
import { type Part, type Walk, walkParts } from "./walk.ts";

const firstChunk = 8;
/** The bytes of a chunk's length and type, which stand before its content, and of the checksum behind it. */
const headLength = 8;
const checksumLength = 4;
export const chunkOverhead = headLength + checksumLength;

export interface PngChunk extends Part {
  readonly type: string;
  /** The first bytes of the chunk, from its length on. */
  readonly head: Buffer;
}

function chunkOf(head: Buffer, start: number): PngChunk | undefined {
  if (head.length < headLength) return undefined;
  const offset = start + headLength;
  const length = head.readUInt32BE(0);
  return {
    type: head.toString("latin1", 4, headLength),
    head,
    start,
    offset,
    length,
    end: start + chunkOverhead + length,
  };
}

/** Walks all chunks. The walk ends where the file ends within a chunk's length and type. */
export function pngChunks(maxParts: number): Walk<PngChunk> {
  return walkParts(firstChunk, maxParts, headLength, chunkOf);
}

function chunksBeforePixels(maxParts: number, headBytes = headLength): Walk<PngChunk> {
  return walkParts(firstChunk, maxParts, headBytes, (head, start) => {
    const chunk = chunkOf(head, start);
    return chunk?.type === "IDAT" || chunk?.type === "IEND" ? undefined : chunk;
  });
}

const maxHeaderChunks = 2000;
/** The length, the type, and the number of frames in `acTL`. */
const headerHeadBytes = headLength + 4;
const alphaFlag = 4;

/** Reads the chunks before the pixels. A picture that ends early still has the size that its first chunk gives. */
export function* pngHeader(): Reading<ImageHeader | undefined> {
  const header = yield { offset: firstChunk, length: 8 + 13 };
  if (header.length < 21 || header.toString("latin1", 4, 8) !== "IHDR") return undefined;
  let hasAlpha = (header.readUInt8(17) & alphaFlag) !== 0;
  let animated = false;
  let orientation: number | undefined;
  let hasExif = false;
  const { head, take } = chunksBeforePixels(maxHeaderChunks, headerHeadBytes);
  for (let chunk = take(yield head); chunk !== undefined; chunk = take(yield head)) {
    // A chunk that the file's end cuts off says nothing.
    if (chunk.head.length < headerHeadBytes) break;
    if (chunk.type === "tRNS") {
      hasAlpha = true;
    } else if (chunk.type === "acTL") {
      animated = chunk.head.readUInt32BE(headLength) > 1;
    } else if (chunk.type === "eXIf" && !hasExif) {
      hasExif = true;
      orientation = yield* readWithin(chunk, exifOrientation());
    }
  }
  return validHeader({
    width: header.readUInt32BE(8),
    height: header.readUInt32BE(12),
    orientation,
    hasAlpha,
    animated,
  });
}

/** The most chunks before the pixels of a picture that is decoded. */
const maxDecodedChunks = 10_000;

/** Whether the pixels come within so many chunks. The image library looks at each, which takes seconds for millions. */
export function* hasFewChunks(): Reading<boolean> {
  const { head, take } = chunksBeforePixels(maxDecodedChunks);
  let chunks = 0;
  while (take(yield head) !== undefined) chunks += 1;
  return chunks < maxDecodedChunks;
}

const densityLength = 9;
const inchInMetres = 0.0254;
const keyword = "XML:com.adobe.xmp\0";

/** Finds EXIF, XMP, the density and the colour profile before the pixels. */
export function* pngBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const blocks: MetadataBlocks = {};
  let hasXmp = false;
  const { head, take } = chunksBeforePixels(maxBlocks);
  for (let chunk = take(yield head); chunk !== undefined; chunk = take(yield head)) {
    const { type, offset, length } = chunk;
    const xmpText = !hasXmp && length <= maxXmpBytes ? xmpTexts[type] : undefined;
    if (type === "eXIf") blocks.exif ??= yield* exifBlock(source, chunk);
    else if (type === "iCCP") blocks.hasColorProfile = true;
    else if (type === "pHYs") blocks.density ??= density(yield { offset, length: Math.min(length, densityLength) });
    else if (xmpText !== undefined && (yield* begins(chunk, keyword))) {
      // Only the first text counts, even if it is damaged. Otherwise each of thousands of texts would be inflated.
      hasXmp = true;
      blocks.xmp = readXmp(yield chunk, xmpText);
    }
  }
  return blocks;
}

function* begins({ offset, length }: Range, text: string): Reading<boolean> {
  const start = yield { offset, length: Math.min(length, text.length) };
  return start.toString("latin1") === text;
}

function density(chunk: Buffer): number | undefined {
  const inMetres = chunk.length === densityLength && chunk[8] === 1;
  // A density of zero, or one that rounds to zero, counts as none.
  return (inMetres && Math.round(chunk.readUInt32BE(0) * inchInMetres)) || undefined;
}

type Text = { readonly start: number; readonly compressed: boolean } | undefined;

/**
 * The position at which the text begins in a chunk, for each type of chunk that may hold XMP. Some programs compress a
 * text that the standard leaves plain.
 */
const xmpTexts: Readonly<Record<string, (chunk: Buffer) => Text>> = {
  tEXt: () => ({ start: keyword.length, compressed: false }),
  zTXt: () => ({ start: keyword.length + 1, compressed: true }),
  iTXt(chunk) {
    const language = chunk.indexOf(0, keyword.length + 2);
    const translated = language === -1 ? -1 : chunk.indexOf(0, language + 1);
    return translated === -1 ? undefined : { start: translated + 1, compressed: chunk[keyword.length] === 1 };
  },
};

function readXmp(chunk: Buffer, findText: (chunk: Buffer) => Text): string | undefined {
  const found = findText(chunk);
  if (found === undefined) return undefined;
  const text = chunk.subarray(found.start);
  try {
    return decodeXmp(found.compressed ? inflateSync(text, { maxOutputLength: maxXmpBytes }) : text);
  } catch {
    // The text is damaged, or inflates to far more than it seems to be.
    return undefined;
  }
}

/**
 * The most bytes of all compressed texts before the pixels. The image library expands each to up to eight megabytes, of
 * which it makes copies. A hundred of 8 KB each take three seconds and two gigabytes.
 */
const maxDeflatedTexts = 16 * 1024;

/** The most bytes of a keyword or a profile's name, with the byte that ends it. */
const maxName = 80;
const deflatedFlag = 1;

/** Texts in which some programs write EXIF. Later versions of the image library read it. No reader here does. */
const exifTexts: ReadonlySet<string> = new Set(["Raw profile type exif", "Raw profile type APP1"]);

/**
 * Finds EXIF and the colour profile before the pixels. A picture may have one profile; of several, none is shown. So are
 * the compressed texts if they are too many: no rendering has a text, but for XMP.
 */
export function* pngMetadata(): Reading<FoundMetadata> {
  const { exif, profiles, unwanted } = nothingFound();
  const deflated: Hide[] = [];
  let deflatedBytes = 0;
  const { head, take } = chunksBeforePixels(maxDecodedChunks);
  for (let found = take(yield head); found !== undefined; found = take(yield head)) {
    const chunk = found;
    const { type, offset, length } = chunk;
    const hide = (copy: Buffer): void => rename(copy, chunk);
    if (type === "eXIf") {
      exif.push({
        place: chunk,
        hide: (copy, orientation) => {
          keepOrientation(copy, chunk, orientation);
          writeChecksum(copy, chunk);
        },
      });
    } else if (type === "iCCP") {
      const name = yield* nameIn(chunk);
      // The byte behind the name states the compression, of which there is one.
      const from = name.length + 2;
      profiles.push({ parts: [{ offset: offset + from, length: length - from }], isDeflated: true, hide });
    } else if (texts.has(type)) {
      const name = yield* nameIn(chunk);
      if (exifTexts.has(name)) unwanted.push(hide);
      else if (type === "zTXt" || (type === "iTXt" && (yield* isDeflatedText(chunk, name)))) {
        deflated.push(hide);
        deflatedBytes += length;
      }
    }
  }
  if (deflatedBytes > maxDeflatedTexts) unwanted.push(...deflated);
  if (profiles.length > 1) unwanted.push(...profiles.splice(0).map(({ hide }) => hide));
  return { exif, profiles, unwanted };
}

const texts: ReadonlySet<string> = new Set(["tEXt", "zTXt", "iTXt"]);

function* nameIn({ offset, length }: Range): Reading<string> {
  const start = (yield { offset, length: Math.min(length, maxName) }).toString("latin1");
  const end = start.indexOf("\0");
  return end === -1 ? start : start.slice(0, end);
}

function* isDeflatedText({ offset }: Range, name: string): Reading<boolean> {
  return (yield { offset: offset + name.length + 1, length: 1 })[0] === deflatedFlag;
}

/** Makes a chunk private by the case of its type's second letter. Readers skip the private chunks that they don't know. */
function rename(copy: Buffer, chunk: PngChunk): void {
  const letter = chunk.offset - 3;
  copy.writeUInt8(copy.readUInt8(letter) | 0x20, letter);
  writeChecksum(copy, chunk);
}

/** Writes the checksum of a chunk's type and content. A chunk that the file's end cuts off has none. */
function writeChecksum(copy: Buffer, { offset, length, end }: PngChunk): void {
  if (end <= copy.length) copy.writeUInt32BE(crc32(copy.subarray(offset - 4, offset + length)), offset + length);
}
