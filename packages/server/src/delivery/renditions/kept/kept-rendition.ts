import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ByteRange } from "../../../storage/blob-store.ts";

/** The facts that a rendition is kept and sent with. */
export interface RenditionFacts {
  /** ASCII, 255 characters at most. */
  readonly contentType: string;
  /** The width in pixels, or 0 where the rendition has none. */
  readonly width: number;
}

/** Something that was made from a version: bytes in memory, or a file that the cache takes over. */
export type MadeRendition = MadeBytes | MadeFile;

export interface MadeBytes extends RenditionFacts {
  readonly data: Uint8Array;
}

export interface MadeFile extends RenditionFacts {
  /** A finished file at a path that the cache has given out (`newFile`). The cache renames it, or removes it. */
  readonly path: string;
}

/** A rendition as the cache keeps it and answers send it. A small one is in memory; a large one is read by ranges. */
export type KeptRendition = KeptBytes | KeptFile;

interface KeptFacts extends RenditionFacts {
  /** SHA-256 of the bytes and their description, in hex. The same rendition made twice may differ in a bit. */
  readonly digest: string;
}

export interface KeptBytes extends KeptFacts, MadeBytes {}

export interface KeptFile extends KeptFacts {
  readonly data?: undefined;
  /** The size in bytes. */
  readonly size: number;
  /**
   * Opens the bytes, or those in the range.
   * @throws StorageError BLOB_MISSING when the cache has dropped the rendition meanwhile
   */
  readonly open: (range: ByteRange | undefined, signal: AbortSignal) => Promise<Readable>;
}

export function sizeOf(kept: KeptRendition): number {
  return kept.data === undefined ? kept.size : kept.data.length;
}

/** Reads all of a rendition into memory, for work that needs it whole. @throws as `open` does */
export async function bytesOf(kept: KeptRendition, signal: AbortSignal): Promise<Uint8Array> {
  return kept.data ?? buffer(await kept.open(undefined, signal));
}
