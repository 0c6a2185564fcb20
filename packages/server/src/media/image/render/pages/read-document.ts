import type { DocumentKind } from "@sluice/pages";
import { type Size, scaled } from "../../pixels/geometry.ts";
import type { Work } from "../../pixels/work.ts";
import type { SourceFacts, SourceFormat } from "../../plan/source-facts.ts";
import { measurePage } from "./read-page.ts";

/** Whether the pixels of the format are pages that a document's renderer draws. */
export function isDocument(format: SourceFormat): format is DocumentKind {
  return format === "pdf" || format === "psd";
}

/** A document as far as it is read before its page is drawn. */
interface DocumentSource {
  readonly facts: SourceFacts;
  readonly metadata: { readonly icc?: Buffer };
  readonly decodingBytes: number;
}

/** The pixels in which a point of a page counts: 144 dots per inch. */
const pixelsInPoint = 2;
const pointsInInch = 72;

/** The longest side of a page that counts more pixels. Pages may be miles long. */
const maxSide = 4096;

/**
 * Reads the facts about a page of a document. The layers of a Photoshop file count as its pages.
 * @param page counted from 1; undefined for the first page, or for all layers together
 * @throws MediaError as `measurePage` does
 */
export async function readDocument(
  bytes: Buffer,
  kind: DocumentKind,
  page: number | undefined,
  work: Work,
): Promise<DocumentSource> {
  const index = page === undefined ? undefined : page - 1;
  const { pages, hasAlpha, icc, ...size } = await measurePage({ kind, bytes, page: index }, work);
  const still = { orientation: 1, pages, hasAlpha, animation: undefined } as const;
  const metadata = { ...(icc !== undefined && { icc: Buffer.from(icc) }) };
  const sized = kind === "pdf" ? sizeOfPaper(size) : { size };
  return { facts: { ...still, ...sized, format: kind, isDrawn: kind === "pdf" }, metadata, decodingBytes: 0 };
}

/** A page has no pixels. It is drawn at the size that is wanted, and counts as having these before that is known. */
function sizeOfPaper({ width, height }: Size): { readonly size: Size; readonly density: number } {
  const factor = Math.min(pixelsInPoint, maxSide / Math.max(width, height));
  return { size: scaled({ width, height }, factor), density: Math.max(1, Math.round(factor * pointsInInch)) };
}
