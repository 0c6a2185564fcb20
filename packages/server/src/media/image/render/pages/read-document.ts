import type { DocumentKind } from "@sluice/pages";
import { MediaError } from "../../../media-error.ts";
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
 * Reads the facts about a page of a document.
 * @param page counted from 1; undefined for the first page
 * @throws MediaError as `measurePage` does; ETRANSFORMATION for a page of a Photoshop file
 */
export async function readDocument(
  bytes: Buffer,
  kind: DocumentKind,
  page: number | undefined,
  work: Work,
): Promise<DocumentSource> {
  if (kind === "psd" && page !== undefined) {
    throw new MediaError("ETRANSFORMATION", "The layers of a Photoshop file are not shown one by one");
  }
  const { pages, hasAlpha, icc, ...size } = await measurePage({ kind, bytes, page: (page ?? 1) - 1 }, work);
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
