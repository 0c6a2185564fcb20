import type { DocumentKind } from "@sluice/pages";
import type { SourceFormat } from "./source-facts.ts";

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
