import type { LayerSelection } from "@sluice/pages";
import sharp, { type Metadata, type SharpOptions } from "sharp";
import { bufferSource, headLength } from "../../byte-source.ts";
import { countTilePixels } from "../../formats/heif-bounds.ts";
import { hasFewSegments } from "../../formats/jpeg-segments.ts";
import { hasFewChunks } from "../../formats/png.ts";
import { isLosslessWebp } from "../../formats/webp.ts";
import { withoutCostlyMetadata } from "../../inspect/bounds/costly-metadata.ts";
import { countPages, hasFewDirectories } from "../../inspect/count-pages.ts";
import { sniffType } from "../../inspect/sniff.ts";
import { readSvgRoot } from "../../inspect/svg-root.ts";
import { decodeText } from "../../inspect/text-content.ts";
import { MediaError } from "../../media-error.ts";
import { type Reading, readFrom } from "../../reading.ts";
import { decodingBytes } from "../decoding-memory.ts";
import type { ImageSource } from "../image-source.ts";
import type { Work } from "../pixels/work.ts";
import type { ChosenPage } from "../plan/chosen-page.ts";
import { manyParts, refuseManyPages } from "../plan/refuse-parts.ts";
import type { SourceFacts, SourceFormat } from "../plan/source-facts.ts";
import { isDocument, sourceFormatOf } from "../plan/source-facts.ts";
import { readDocument } from "./pages/read-page.ts";
import { asMediaError } from "./render-error.ts";

export interface SourceLimits {
  /** The limit for one frame. */
  readonly pixels: number;
  /** The memory that a decoder may hold for one image. */
  readonly memoryBytes: number;
}

export interface ReadSource {
  /** The file as decoders are shown it: its own bytes, or a copy without metadata that would keep them busy. */
  readonly bytes: Buffer;
  readonly facts: SourceFacts;
  readonly metadata: Pick<Metadata, "icc" | "exif" | "xmp">;
  /** The bytes that are held for the image's decoder besides the pixels that it returns. */
  readonly decodingBytes: number;
  /** The layers of a Photoshop file that make the picture; undefined for all of them, or for the page. */
  readonly layers?: LayerSelection | undefined;
}

/** Formats in which hardly anybody stores a photograph for others to see. */
const drawn: ReadonlySet<SourceFormat> = new Set(["gif", "png", "svg"]);

/** Formats whose pages are frames that play. */
const playing: ReadonlySet<SourceFormat> = new Set(["gif", "webp"]);

/**
 * The size of the chosen page counts, since pages of one file may differ. The main page counts if this page doesn't
 * exist.
 */
export interface ReadOptions extends Pick<ImageSource, "pages">, ChosenPage {}

/**
 * Reads a source's header and decides from it whether the rest is safe to decode.
 * @param work the reading, in which a document's renderer has to start
 * @throws MediaError ETRANSFORMATION for layers of a file that has none; EINVALID for a source that isn't a picture or isn't decoded here; ELIMIT; for a document the errors
 * of `readDocument`
 */
export async function readSource(
  bytes: Buffer,
  limits: SourceLimits,
  work: Work,
  { page, layers, pages: counted }: ReadOptions = {},
): Promise<ReadSource> {
  const { mime } = await sniffType(bytes);
  if (layers !== undefined && sourceFormatOf(mime) !== "psd") {
    throw new MediaError("ETRANSFORMATION", "pg names layers, which PSD files alone have");
  }
  if (mime === "text/plain") return readDrawing(bytes);
  const named = sourceFormatOf(mime);
  if (named === undefined) throw new MediaError("EINVALID", `No picture can be made of ${mime}`);
  if (isDocument(named)) return { ...(await readDocument({ kind: named, bytes, page, layers }, work)), bytes };
  refuseManyPages({ pages: counted ?? (await countPages(bufferSource(bytes), mime)) });
  await refuseManyParts(bytes, named, limits);
  const shown = await withoutCostlyMetadata(bytes, named);
  const first = await readMetadata(shown, sourceOptions(limits));
  const { pages = 1 } = first;
  const other = page !== undefined && pages > 1 && page <= pages;
  const metadata = other ? await readMetadata(shown, { ...sourceOptions(limits), page: page - 1 }) : first;
  const decoding = decodingBytes(metadata) + (shown === bytes ? 0 : shown.length);
  if (decoding > limits.memoryBytes) {
    throw new MediaError("ELIMIT", `The image takes more than ${limits.memoryBytes} bytes of memory to decode`);
  }
  const facts = factsOf(metadata, named);
  const isDrawn =
    drawn.has(facts.format) || (facts.format === "webp" && (await readFrom(bufferSource(bytes), isLosslessWebp())));
  return { facts: { ...facts, isDrawn }, metadata, bytes: shown, decodingBytes: decoding };
}

type IsBounded = (size: number, limits: SourceLimits) => Reading<boolean>;

/** Reads of a file whether decoders take bounded time and memory for what isn't pixels of the picture. */
const boundedParts: Readonly<Partial<Record<SourceFormat, IsBounded>>> = {
  avif: hasFewTiles,
  heic: hasFewTiles,
  jpeg: () => hasFewSegments(true),
  png: hasFewChunks,
  tiff: hasFewDirectories,
};

/** The pixels of a picture's tiles, by those of the largest picture. Tiles at the edges reach beyond the picture. */
const tilePixels = 1.5;

function* hasFewTiles(size: number, { pixels }: SourceLimits): Reading<boolean> {
  return (yield* countTilePixels(size)) <= tilePixels * pixels;
}

/** @throws MediaError ELIMIT for a source that has too many parts besides its pixels */
async function refuseManyParts(bytes: Buffer, format: SourceFormat, limits: SourceLimits): Promise<void> {
  const reading = boundedParts[format]?.(bytes.length, limits);
  if (reading !== undefined && !(await readFrom(bufferSource(bytes), reading))) throw manyParts();
}

function readMetadata(bytes: Buffer, options: SharpOptions): Promise<Metadata> {
  return sharp(bytes, options)
    .metadata()
    .catch((error: unknown) => {
      throw asMediaError(error);
    });
}

/** Reads a drawing's beginning, as on its upload. This process neither draws nor expands anything of a drawing. */
function readDrawing(bytes: Buffer): ReadSource {
  const root = readSvgRoot(decodeText(bytes.subarray(0, headLength)) ?? "");
  if (root?.size === undefined)
    throw new MediaError("EINVALID", "No picture can be made of a text, or a drawing without a size");
  const { size } = root;
  const still = { orientation: 1, pages: 1, animation: undefined } as const;
  const facts = { ...still, format: "svg", size, hasAlpha: true, isDrawn: true } as const;
  return { facts, metadata: {}, bytes, decodingBytes: 0 };
}

/** A broken image is refused rather than shown in part. */
export function sourceOptions({ pixels }: Pick<SourceLimits, "pixels">): SharpOptions {
  return { limitInputPixels: pixels, failOn: "error", sequentialRead: true };
}

function factsOf(metadata: Metadata, named: SourceFormat): Omit<SourceFacts, "isDrawn"> {
  const { width, height, orientation = 1, hasAlpha, pages = 1, delay, loop = 0, compression, density } = metadata;
  const format = metadata.format === "heif" ? (compression === "av1" ? "avif" : "heic") : named;
  return {
    format,
    size: { width, height },
    orientation,
    hasAlpha,
    density,
    pages,
    animation:
      playing.has(format) && pages > 1 ? { delay: (delay ?? []).map(playable), loop: playable(loop) } : undefined,
  };
}

/**
 * Limits a delay or a number of repetitions to what can be written. A frame of a GIF may last eleven minutes, and a
 * frame of a WebP hours.
 */
function playable(count: number): number {
  return Math.min(count, 65_535);
}
