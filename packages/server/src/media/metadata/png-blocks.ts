import { inflateSync } from "node:zlib";
import type { ByteSource, Range } from "../byte-source.ts";
import type { Reading } from "../reading.ts";
import { decodeXmp, exifBlock, type MetadataBlocks, type MutableBlocks, maxParts, maxXmpBytes } from "./blocks.ts";

const firstChunk = 8;
const chunkOverhead = 12;
const densityLength = 9;
const inchInMetres = 0.0254;
const keyword = "XML:com.adobe.xmp\0";

export function* pngBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const blocks: MutableBlocks = {};
  let hasXmp = false;
  let offset = firstChunk;
  for (let parts = 0; parts < maxParts; parts += 1) {
    const start = yield { offset, length: 8 };
    const type = start.toString("latin1", 4, 8);
    if (start.length < 8 || type === "IDAT" || type === "IEND") break;
    const length = start.readUInt32BE(0);
    const content = { offset: offset + 8, length };
    const xmpText = !hasXmp && length <= maxXmpBytes ? xmpTexts[type] : undefined;
    if (type === "eXIf") blocks.exif ??= yield* exifBlock(source, content);
    else if (type === "iCCP") blocks.hasColorProfile = true;
    else if (type === "pHYs") blocks.density ??= density(yield { ...content, length: Math.min(length, densityLength) });
    else if (xmpText !== undefined && (yield* begins(content, keyword))) {
      // Only the first text counts, even if it is damaged. Otherwise each of thousands of texts would be inflated.
      hasXmp = true;
      blocks.xmp = readXmp(yield content, xmpText);
    }
    offset += chunkOverhead + length;
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
