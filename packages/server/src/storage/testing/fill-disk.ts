import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../storage-error.ts";

/** Fills the rest of the folder's file system, to the last byte. @returns a function that makes the room again */
export function fillDisk(folder: string): () => void {
  const path = join(folder, "ballast");
  const file = openSync(path, "wx");
  try {
    // A file system that is too full for a large block may still take a small one.
    for (const size of [64 * 1024, 4096, 1]) writeUntilFull(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
  return () => rmSync(path);
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if (errnoOf(error) !== "ENOSPC") throw error;
  }
}
