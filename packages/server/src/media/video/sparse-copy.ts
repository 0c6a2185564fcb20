import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ScratchFolder } from "../processes/scratch-folder.ts";
import type { ElsewhereSource, VideoSource } from "./open-locally.ts";

/** FFmpeg looks for streams in the first 5 MB, and for the last times of some formats in the last 16 MB. */
const endBytes = 16 * 1024 * 1024;

/** A file elsewhere of which parts can be read, and which is worth it. */
type RangedSource = ElsewhereSource & Required<Pick<ElsewhereSource, "openRange">>;

/** Whether the facts of the file are read from its ends alone, so that it isn't copied whole. */
export function hasHeadAndTail(source: VideoSource): source is RangedSource {
  const isElsewhere = typeof source === "object" && !Buffer.isBuffer(source) && source.path === undefined;
  return isElsewhere && source.openRange !== undefined && source.size > 2 * endBytes;
}

/**
 * Copies the beginning and the end of a file into one of the same length, with a hole between them, for what the file says
 * of itself. A still is not taken from such a file: FFmpeg reads a hole as zeros, and nobody would know that a picture was
 * made of them.
 * @param use gets the path of the file
 * @returns undefined where something that the file says of itself may be in the hole
 * @throws the store's errors; the signal's reason; what the function throws
 */
export async function withSparseCopy<Result>(
  { size, openRange }: RangedSource,
  scratch: Pick<ScratchFolder, "path">,
  signal: AbortSignal,
  use: (path: string) => Promise<Result>,
): Promise<Result | undefined> {
  const path = join(await scratch.path(), randomUUID());
  const file = await open(path, "wx+", 0o600);
  try {
    await file.truncate(size);
    for (const start of [0, size - endBytes]) {
      const bytes = await openRange({ start, end: start + endBytes - 1 }, signal);
      await pipeline(bytes, createWriteStream(path, { flags: "r+", start }), { signal });
    }
    return (await hasAllBoxes(file, size)) ? await use(path) : undefined;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

/** The boxes with which an MP4 or a QuickTime file begins. */
const firstBoxes = new Set(["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"]);
/** Each is read on its own, and an end has room for two million. */
const maxBoxes = 1000;

/**
 * Whether all boxes of an MP4 lie in the ends but the one of its pictures and sounds. The index of a long one may be
 * larger than an end, and one that was written in fragments has parts of its index everywhere. Other formats say what
 * they are in their heads.
 */
async function hasAllBoxes(file: FileHandle, size: number): Promise<boolean> {
  const header = Buffer.alloc(16);
  let at = 0;
  for (let count = 0; at < size; count += 1) {
    if (count === maxBoxes) return false;
    if (isInHole(at, at + header.length, size)) return false;
    await file.read(header, 0, header.length, at);
    const type = header.toString("latin1", 4, 8);
    if (at === 0 && !firstBoxes.has(type)) return true;
    const told = header.readUInt32BE(0);
    const length = told === 1 ? Number(header.readBigUInt64BE(8)) : told === 0 ? size - at : told;
    if (type !== "mdat" && isInHole(at, at + length, size)) return false;
    // FFmpeg doesn't read what is behind a broken box, either.
    if (length < 8) return true;
    at += length;
  }
  return true;
}

function isInHole(start: number, end: number, size: number): boolean {
  return end > endBytes && start < size - endBytes;
}
