import type { FoundBlocks } from "../../metadata/find-blocks.ts";

/** What a picture's header says, before its orientation is applied. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8; undefined when the file has none. */
  readonly orientation: number | undefined;
  readonly hasAlpha: boolean;
  /** More than one frame that plays; the pages of a TIFF and the images of a HEIF do not. */
  readonly animated: boolean;
  /** What the library has seen besides, where it was the one that read the header. */
  readonly blocks?: FoundBlocks;
}

/** A header whose numbers are such as a picture can have. */
export function validHeader(header: ImageHeader): ImageHeader | undefined {
  return header.width > 0 && header.height > 0 ? header : undefined;
}
