import type { DocumentKind } from "@sluice/pages";
import type { Size } from "../pixels/geometry.ts";

/** The format of each type. The type is that of the bytes, whatever the file's name says. */
const formats: Readonly<Record<string, SourceFormat>> = {
  "application/pdf": "pdf",
  "image/avif": "avif",
  "image/gif": "gif",
  "image/heic": "heic",
  "image/heic-sequence": "heic",
  "image/heif": "heic",
  "image/heif-sequence": "heic",
  "image/jpeg": "jpeg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/tiff": "tiff",
  "image/vnd.adobe.photoshop": "psd",
  "image/webp": "webp",
};

/** @returns undefined for a type whose pixels aren't read here */
export function sourceFormatOf(mime: string): SourceFormat | undefined {
  return formats[mime];
}

/** Whether the pixels of the format are pages that a document's renderer draws. */
export function isDocument(format: SourceFormat): format is DocumentKind {
  return format === "pdf" || format === "psd";
}

/** The formats whose pixels can be read. */
export type SourceFormat = "jpeg" | "png" | "webp" | "gif" | "avif" | "heic" | "tiff" | "svg" | "pdf" | "psd";

/** The facts in a source's header. */
export interface SourceFacts {
  readonly format: SourceFormat;
  /** The size as stored, before any orientation is applied. */
  readonly size: Size;
  /** The EXIF orientation, 1 to 8; 1 where the file has none. */
  readonly orientation: number;
  readonly hasAlpha: boolean;
  /** Whether it is drawn rather than photographed, as far as the format tells: PNG, GIF, SVG, PDF and lossless WebP. */
  readonly isDrawn: boolean;
  /** The dots per inch that the file states. */
  readonly density?: number | undefined;
  /** Pages, frames or pictures in the file. */
  readonly pages: number;
  /**
   * Milliseconds for each frame, and how often they are played (0: for ever). Undefined for a source that doesn't
   * play.
   */
  readonly animation: { readonly delay: readonly number[]; readonly loop: number } | undefined;
}

/** Orientations from 5 on turn the image by a quarter, which swaps width and height. */
export function uprightSize({ size: { width, height }, orientation }: SourceFacts): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
