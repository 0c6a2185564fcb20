import { posix } from "node:path";
import type { MediaSource } from "../byte-source.ts";
import { kindOf } from "./media-kind.ts";
import { type SniffedType, sniffBinary, sniffLength, sniffType } from "./sniff.ts";
import { readSvgRoot, type SvgRoot } from "./svg-root.ts";
import { decodeText, judgeText } from "./text-content.ts";
import { plainText, textTypeOf } from "./text-types.ts";

/**
 * The number of bytes of a file that are read to be sure that it is a text. The rest of a longer text is taken on
 * trust: plain text runs nowhere.
 */
const textScanLimit = 64 * 1024 * 1024;
/** The decoded text of a larger step would be a large object of the heap, which lives until a full collection. */
const textScanStep = 64 * 1024;
/** An SVG whose root tag isn't reached within this is served as plain text. */
const svgPrefixLength = 64 * 1024;

export interface DetectedType extends SniffedType {
  /** Present only for an SVG. */
  readonly svg?: SvgRoot;
}

/**
 * Decides the type of a complete file (docs/protocol/upload.md §15.17). For binary content the magic number decides,
 * whatever the name says. For text the name's extension decides among the text types. An `.svg` without an svg root is
 * plain text, the one type that nothing runs.
 */
export async function detectType(source: MediaSource, fileName: string): Promise<DetectedType> {
  const head = await source.head(sniffLength);
  const sniffed = await sniffType(head);
  if (sniffed.mime !== plainText) {
    return sniffed;
  }
  if (!(await isText(source, head))) {
    return sniffBinary(head);
  }
  const mime = textTypeOf(posix.extname(fileName).toLowerCase());
  if (mime !== "image/svg+xml") {
    return { mime, kind: kindOf(mime) };
  }
  const svg = readSvgRoot(decodeText(await source.read(0, svgPrefixLength)) ?? "");
  return svg === undefined ? sniffed : { mime, kind: kindOf(mime), svg };
}

async function isText(source: MediaSource, head: Uint8Array): Promise<boolean> {
  const judge = judgeText(head);
  if (!judge.push(head)) {
    return false;
  }
  const end = Math.min(source.size, textScanLimit);
  for (let offset = head.length; offset < end; ) {
    const chunk = await source.read(offset, textScanStep);
    if (chunk.length === 0) {
      break;
    }
    if (!judge.push(chunk)) {
      return false;
    }
    offset += chunk.length;
  }
  return source.size > textScanLimit || judge.end();
}
