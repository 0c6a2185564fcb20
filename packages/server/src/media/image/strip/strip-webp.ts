import { partsIn } from "../../formats/walk.ts";
import { webpFlags as flags, frameHeader, headLength, riffLength, webpChunks } from "../../formats/webp.ts";
import { isProfileOf, lengthOf, type Parts } from "./parts.ts";

const extendedLength = 10;
const maxChunks = 20_000;

interface Chunk {
  readonly type: string;
  /** The whole chunk, with its header and the byte that makes its length even. */
  readonly bytes: Buffer;
  readonly content: Buffer;
}

/** Keeps the picture or the frames, the colour profile, and the chunk that says how often the frames are played. */
export function stripWebp(bytes: Buffer): Parts | undefined {
  if (bytes.length < riffLength + headLength) return undefined;
  if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WEBP") return undefined;
  const end = 8 + bytes.readUInt32LE(4);
  const chunks = end > bytes.length ? undefined : chunksOf(bytes.subarray(riffLength, end));
  const [first, ...others] = chunks ?? [];
  if (first === undefined) return undefined;
  const kept = first.type === "VP8X" ? keptOfExtended(first, others) : isPicture(first) ? [first.bytes] : undefined;
  return kept && [riffOf(kept), ...kept];
}

function keptOfExtended({ content }: Chunk, others: readonly Chunk[]): Buffer[] | undefined {
  if (content.length !== extendedLength) return undefined;
  const said = content.readUInt8(0);
  const plays = (said & flags.animation) !== 0;
  const kept = others.filter(({ type }) => !isLeftOut(type));
  const profile = (said & flags.profile) === 0 ? undefined : kept[0];
  const rest = profile === undefined ? kept : kept.slice(1);
  if (profile !== undefined && !(profile.type === "ICCP" && isProfileOf(profile.content, "RGB "))) return undefined;
  if (!(plays ? isAnimation(rest) : isStill(rest))) return undefined;
  const header = Buffer.concat([Buffer.from("VP8X\x0a\0\0\0", "latin1"), content]);
  // The flags for EXIF and XMP go, and so do undefined flags.
  header.writeUInt32LE(said & (flags.profile | flags.alpha | flags.animation), headLength);
  return [header, ...kept.map((chunk) => chunk.bytes)];
}

const known: ReadonlySet<string> = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);

/** Whether a chunk holds metadata or is defined nowhere. */
function isLeftOut(type: string): boolean {
  return !known.has(type);
}

/** Whether the chunks are a lossy picture, with its transparency before it if it has any, or a lossless picture. */
function isStill(chunks: readonly Chunk[]): boolean {
  const [first, second] = chunks;
  if (first === undefined || chunks.length > 2) return false;
  return second === undefined ? isPicture(first) : first.type === "ALPH" && second.type === "VP8 ";
}

function isPicture({ type }: Chunk): boolean {
  return type === "VP8 " || type === "VP8L";
}

function isAnimation([control, ...frames]: readonly Chunk[]): boolean {
  return control?.type === "ANIM" && control.content.length === 6 && frames.length > 0 && frames.every(isFrame);
}

/** A frame holds a picture and nothing else. */
function isFrame({ type, content }: Chunk): boolean {
  if (type !== "ANMF" || content.length < frameHeader) return false;
  const inner = chunksOf(content.subarray(frameHeader));
  return inner !== undefined && isStill(inner);
}

/** @returns undefined if the chunks aren't in order */
function chunksOf(bytes: Buffer): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let reached = 0;
  for (const { type, offset, length, start, end } of partsIn(bytes, webpChunks(maxChunks, 0))) {
    if (end > bytes.length) return undefined;
    chunks.push({ type, bytes: bytes.subarray(start, end), content: bytes.subarray(offset, offset + length) });
    reached = end;
  }
  return reached === bytes.length ? chunks : undefined;
}

function riffOf(parts: Parts): Buffer {
  const header = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  header.writeUInt32LE(4 + lengthOf(parts), 4);
  return header;
}
