import type { DocumentKind } from "@sluice/pages";
import sharp from "sharp";
import { type Frames, frameBytesPerPixel } from "../pixels/frames.ts";
import { coverFactor, type Size, scaled } from "../pixels/geometry.ts";
import type { Work } from "../pixels/work.ts";
import { isDocument, uprightSize } from "../plan/source-facts.ts";
import type { Stage, Trim } from "../plan/stage.ts";
import { drawingLimits, drawPixels } from "./drawing/draw-pixels.ts";
import { decodeHeic } from "./heic/decode-heic.ts";
import { carryMetadata } from "./metadata-carrier.ts";
import { drawPage } from "./pages/read-page.ts";
import { type ReadSource, type SourceLimits, sourceOptions } from "./read-source.ts";
import { nextStage, turningBytesPerPixel } from "./rendering-memory.ts";
import { inMemory, type Picture } from "./run-stage.ts";

export interface Opening {
  readonly bytes: Buffer;
  readonly source: ReadSource;
  /** The page is counted from 0. `all` stands for all frames of an animation, undefined for the main page. */
  readonly page: number | "all" | undefined;
  readonly orient: boolean;
  /** Whether the pixels stay in the colours of the file's own profile. */
  readonly keepsColours: boolean;
  /** The stage that follows. Drawings and pages are drawn at the size to which they would be scaled first. */
  readonly stage: Stage;
}

/** @throws MediaError */
export async function openPicture(opening: Opening, limits: SourceLimits, work: Work): Promise<Picture> {
  const { bytes, source, page, orient, stage, keepsColours } = opening;
  const { facts, metadata } = source;
  if (facts.format === "heic") {
    return openDecoded(await decodeHeic(bytes, limits, work, page === "all" ? undefined : page), opening, work);
  }
  if (facts.format === "svg") return openDrawn((drawn) => drawPixels(bytes, facts.size, drawn, work), opening, work);
  if (isDocument(facts.format)) return openDocument(opening, facts.format, limits, work);
  const size = orient ? uprightSize(facts) : facts.size;
  // A decoder that shrinks the image leaves less to rotate.
  if (orient && facts.orientation > 1 && stage.operations[0]?.kind !== "scale") {
    work.reserve(size, turningBytesPerPixel);
  }
  const count = page === "all" ? facts.pages : 1;
  const frames = page === "all" ? { animated: true } : page !== undefined ? { page } : {};
  const image = sharp(bytes, { ...sourceOptions(limits), ...frames, autoOrient: orient });
  const native = count === 1 && keepsColours && isRgbProfile(metadata.icc);
  return { kind: "source", image: native ? image.keepIccProfile() : image, size, count };
}

/** A picture goes on as it is if it has no RGB profile, or if the result keeps the profile. */
async function openDecoded(frames: Frames, { source, keepsColours }: Opening, work: Work): Promise<Picture> {
  const { icc } = source.metadata;
  if (keepsColours || !isRgbProfile(icc)) return inMemory(frames);
  const image = sharp(await carryMetadata(frames, { icc }, work));
  return { kind: "source", image, size: frames, count: 1 };
}

/** Draws a page of a PDF. The pixels of a Photoshop file are there already. */
async function openDocument(opening: Opening, kind: DocumentKind, limits: SourceLimits, work: Work): Promise<Picture> {
  const { bytes, page, source } = opening;
  const document = { kind, bytes, page: page === "all" ? undefined : page, layers: source.layers };
  const draw = (size: Size): Promise<Frames> => drawPage(document, size, limits, work);
  if (kind === "pdf") return openDrawn(draw, opening, work);
  return openDecoded(await draw(source.facts.size), opening, work);
}

/** Draws at the size to which the picture would be scaled first, so that the result is as sharp as possible. */
async function openDrawn(
  draw: (size: Size) => Promise<Frames>,
  { source: { facts }, stage }: Opening,
  work: Work,
): Promise<Picture> {
  const [first] = stage.operations;
  if (first === undefined && stage.pause?.kind === "trim") {
    return { kind: "frames", size: facts.size, frames: await draw(sizeToTrim(facts.size, stage.pause, work)) };
  }
  const { width, height } = first?.kind === "scale" ? first : facts.size;
  work.reserve({ width, height }, frameBytesPerPixel);
  return inMemory(await draw({ width, height }));
}

/** The size to which a drawing or a page would be enlarged if the trim left all of it, as far as the limits allow. */
function sizeToTrim(natural: Size, trim: Trim, work: Work): Size {
  work.reserve(natural, frameBytesPerPixel);
  const first = nextStage(trim, natural)?.operations[0];
  if (first?.kind !== "scale") return natural;
  const canvas = scaled(natural, coverFactor(natural, first));
  const factor = Math.min(1, Math.sqrt((0.98 * drawingLimits.pixels) / (canvas.width * canvas.height)));
  const enlarged = scaled(first, factor);
  const isLarger = enlarged.width >= natural.width && enlarged.height >= natural.height;
  return isLarger && work.holds(enlarged, frameBytesPerPixel) ? enlarged : natural;
}

export function isRgbProfile(icc: Buffer | undefined): icc is Buffer {
  return icc?.toString("latin1", 16, 20) === "RGB ";
}
