import type { Reading } from "../../reading.ts";
import { readHeifItems } from "./heif-items.ts";
import { readHeifMetas } from "./heif-meta.ts";

/** Items share bytes if a picture has equal tiles, which are small. More shared bytes are there to take memory. */
const sharedBytes = 16 * 1024 * 1024;

/**
 * Whether the image library may be asked about a HEIF or AVIF file of this size. The library reads all boxes, which
 * takes seconds if there are millions of empty ones. It also puts together every item of metadata with all its
 * extents, so a file of a megabyte whose items name the same bytes over and over would take gigabytes.
 */
export function* isBoundedHeif(size: number): Reading<boolean> {
  const metas = yield* readHeifMetas(size);
  if (metas === undefined) return false;
  let left = 2 * size + sharedBytes;
  for (const box of metas.flatMap(({ places }) => places)) {
    const items = yield* readHeifItems(box);
    if (items === undefined) return false;
    left -= items.reduce((sum, { length }) => sum + length, 0);
    if (left < 0) return false;
  }
  return true;
}
