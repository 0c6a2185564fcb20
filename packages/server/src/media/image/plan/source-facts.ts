import type { Size } from "../pixels/geometry.ts";

/** The formats whose pixels are read. */
export type SourceFormat = "jpeg" | "png" | "webp" | "gif" | "avif" | "heic" | "tiff" | "svg";

/** What the header of a source says. */
export interface SourceFacts {
  readonly format: SourceFormat;
  /** As stored, before any orientation is applied. */
  readonly size: Size;
  /** EXIF, 1 to 8; 1 where there is none. */
  readonly orientation: number;
  readonly hasAlpha: boolean;
  /** Drawn rather than photographed, so far as its format tells: PNG, GIF, SVG and WebP without loss. */
  readonly isDrawn: boolean;
  /** Pages, frames or pictures in the file. */
  readonly pages: number;
  /** Milliseconds for each frame and how often they are played, 0 for ever; undefined for what doesn't play. */
  readonly animation: { readonly delay: readonly number[]; readonly loop: number } | undefined;
}

/** Orientations from 5 on are a quarter turned. */
export function uprightSize({ size: { width, height }, orientation }: SourceFacts): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
