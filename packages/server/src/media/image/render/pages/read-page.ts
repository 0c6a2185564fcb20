import type {
  DocumentKind,
  LayerSelection,
  PageFacts,
  PageFailure,
  PagePixels,
  PageReply,
  PageTask,
} from "@sluice/pages";
import { isBoundedProfile } from "../../../inspect/bounds/profile-cost.ts";
import { loadOptional } from "../../../load-optional.ts";
import { MediaError } from "../../../media-error.ts";
import { runThread } from "../../../processes/run-thread.ts";
import type { Frames } from "../../pixels/frames.ts";
import { type Size, scaled } from "../../pixels/geometry.ts";
import type { Work, WorkLimits } from "../../pixels/work.ts";
import type { ChosenPage } from "../../plan/chosen-page.ts";
import type { SourceFacts } from "../../plan/source-facts.ts";

/** A page that takes longer does so on purpose. Together both times are less than five seconds. */
export const pageLimits = Object.freeze({
  /** The milliseconds to measure all pages of a rendering: that of its source, and those in its layers. */
  measuringMs: 2000,
  /** The milliseconds to draw one page. */
  drawingMs: 2500,
});

/** The memory in which a page is measured, in bytes. It is taken before the memory of the rendering is known. */
const measuringBytes = 64 * 1024 * 1024;

interface PageOfDocument {
  readonly kind: DocumentKind;
  readonly bytes: Buffer;
  /** The page or layer, counted from 0; undefined for the first page, or for all layers together. */
  readonly page: number | undefined;
  readonly layers: LayerSelection | undefined;
}

/**
 * Measures a page of a document.
 * @throws MediaError EINVALID, ELIMIT, ETIME, ETRANSFORMATION for a layer that is missing, EMISSING, or EBUSY where no thread can be started; the signal's reason
 */
async function measurePage(document: PageOfDocument, work: Work): Promise<PageFacts> {
  const reply = await runPage({ ...document, maxMemoryBytes: measuringBytes }, work);
  if (!("facts" in reply)) throw new Error("The page was drawn instead of measured");
  return reply.facts;
}

/**
 * Draws a page of a document at a size. The renderers are WASM and plain code, in a thread of their own, which can be
 * stopped at any moment.
 * @throws as `measurePage` does
 */
export async function drawPage(
  document: PageOfDocument,
  size: Size,
  { memoryBytes }: Pick<WorkLimits, "memoryBytes">,
  work: Work,
): Promise<Frames> {
  const { width, height } = size;
  const task: PageTask = { ...document, size: { width, height }, maxMemoryBytes: memoryBytes };
  const reply = await runPage(task, work.atMost(pageLimits.drawingMs));
  if (!("pixels" in reply)) throw new Error("The page was measured instead of drawn");
  return framesOf(reply.pixels, size);
}

async function runPage(task: PageTask, work: Work): Promise<Exclude<PageReply, { readonly failed: unknown }>> {
  const { pageThread } = await loadOptional(() => import("@sluice/pages"), "EMISSING", missingPages);
  const reply = await runThread<PageReply>({ module: pageThread, workerData: task }, work).catch((error: unknown) => {
    if (error instanceof MediaError || work.signal.aborted) throw error;
    throw unreadable(error);
  });
  if (!("failed" in reply)) return reply;
  throw failures[reply.failed]();
}

const missingPages = "The package @sluice/pages is not installed";

const failures: Readonly<Record<PageFailure, () => MediaError>> = {
  content: () => unreadable(),
  size: () => new MediaError("ELIMIT", "The page takes more memory than this server works with"),
  layers: () => new MediaError("ETRANSFORMATION", "The file lacks a layer that pg names"),
};

function unreadable(cause?: unknown): MediaError {
  return new MediaError("EINVALID", "The page cannot be read", { cause });
}

function framesOf({ data, width, height, channels }: PagePixels, size: Size): Frames {
  if (width !== size.width || height !== size.height) throw new Error("The page was drawn at another size");
  return { data: Buffer.from(data.buffer), width, height, channels, count: 1 };
}

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
