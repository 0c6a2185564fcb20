import type { DocumentKind, LayerSelection } from "@sluice/pages";
import { isBoundedProfile } from "../../../inspect/bounds/profile-cost.ts";
import { type Size, scaled } from "../../pixels/geometry.ts";
import type { Work } from "../../pixels/work.ts";
import type { ChosenPage } from "../../plan/chosen-page.ts";
import type { SourceFacts } from "../../plan/source-facts.ts";
import { measurePage } from "./read-page.ts";

/** A document as far as it is read before its page is drawn. */
interface DocumentSource {
  readonly facts: SourceFacts;
  readonly metadata: { readonly icc?: Buffer };
  readonly decodingBytes: number;
  readonly layers: LayerSelection | undefined;
}

/** The pixels in which a point of a page counts: 144 dots per inch. */
const pixelsInPoint = 2;
const pointsInInch = 72;

/** The longest side of a page that counts more pixels. Pages may be miles long. */
const maxSide = 4096;

interface ChosenDocument extends ChosenPage {
  readonly kind: DocumentKind;
  readonly bytes: Buffer;
}

/**
 * Reads the facts about a page of a document, or about layers of it. The layers of a Photoshop file count as its pages.
 * @throws MediaError as `measurePage` does
 */
export async function readDocument({ kind, bytes, page, layers }: ChosenDocument, work: Work): Promise<DocumentSource> {
  const index = page === undefined ? undefined : page - 1;
  const { pages, hasAlpha, icc: profile, ...size } = await measurePage({ kind, bytes, page: index, layers }, work);
  const still = { orientation: 1, pages, hasAlpha, animation: undefined } as const;
  const icc = profile && Buffer.from(profile);
  const metadata = icc !== undefined && isBoundedProfile(icc) ? { icc } : {};
  const sized = kind === "pdf" ? sizeOfPaper(size) : { size };
  return { facts: { ...still, ...sized, format: kind, isDrawn: kind === "pdf" }, metadata, decodingBytes: 0, layers };
}

/** A page has no pixels. It is drawn at the size that is wanted, and counts as having these before that is known. */
function sizeOfPaper({ width, height }: Size): { readonly size: Size; readonly density: number } {
  const factor = Math.min(pixelsInPoint, maxSide / Math.max(width, height));
  return { size: scaled({ width, height }, factor), density: Math.max(1, Math.round(factor * pointsInInch)) };
}
