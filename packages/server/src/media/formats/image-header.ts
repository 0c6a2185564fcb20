import type { Party } from "../../concurrency/fair-line.ts";
import type { LibraryBlocks } from "./found-metadata.ts";

/** The facts in a picture's header, before the picture's orientation is applied. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8; undefined when the file has none. */
  readonly orientation: number | undefined;
  readonly hasAlpha: boolean;
  /** Whether more than one frame plays. The pages of a TIFF and the images of a HEIF don't play. */
  readonly animated: boolean;
  /** The metadata blocks that the library has found, if the library read the header. */
  readonly blocks?: LibraryBlocks;
}

export interface HeaderOptions {
  readonly signal?: AbortSignal | undefined;
  /** The party that waits for the header; the server itself when no party is named. */
  readonly party?: Party | undefined;
}

/**
 * Reads the header of a file, given as a path or as its bytes, with the image library.
 * @param formats the library's names of the formats that count
 * @returns undefined where the library reads none, or none in time
 * @throws MediaError EBUSY; the signal's reason
 */
export type ReadHeader = (
  file: string | Buffer,
  formats: readonly string[],
  options?: HeaderOptions,
) => Promise<ImageHeader | undefined>;

/** Returns the header if a picture can have its width and height. */
export function validHeader(header: ImageHeader): ImageHeader | undefined {
  return header.width > 0 && header.height > 0 ? header : undefined;
}
