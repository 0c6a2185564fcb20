import sharp from "sharp";
import type { ByteBudget } from "../../../concurrency/byte-budget.ts";
import type { ImageSource } from "../image-source.ts";
import { type Frames, frameBytesPerPixel } from "../pixels/frames.ts";
import { startWork, type Work } from "../pixels/work.ts";
import { type ImageTransformation, type Plan, type PlanContext, planRendition } from "../plan/plan.ts";
import { uprightSize } from "../plan/source-facts.ts";
import { drawPixels } from "./drawing/draw-pixels.ts";
import { encode, type RenderedImage } from "./encode.ts";
import { decodeHeic } from "./heic/decode-heic.ts";
import { keepSmaller } from "./keep-smaller.ts";
import { carryMetadata, type Kept } from "./metadata-carrier.ts";
import { type ReadSource, readSource, type SourceLimits, sourceOptions } from "./read-source.ts";
import { timeUp } from "./render-error.ts";
import { renderingBytes, turningBytesPerPixel } from "./rendering-memory.ts";
import { inMemory, type Picture, runStage } from "./run-stage.ts";

export interface RenderLimits extends SourceLimits {
  readonly frames: number;
  readonly animationPixels: number;
  readonly steps: number;
  readonly milliseconds: number;
  /** The limit for all frames of an animation together. */
  readonly animationMilliseconds: number;
}

export interface RenderContext extends Omit<PlanContext, "limits">, Pick<ImageSource, "pages"> {
  readonly limits: RenderLimits;
  /** The memory budget that all renderings share. */
  readonly memory: Pick<ByteBudget, "take">;
}

/**
 * Renders an image as a transformation asks. Limits are checked before anything is decoded. The limits of the steps
 * after a trim are checked once it is known what the trim leaves.
 * @throws MediaError EINVALID, ELIMIT, ETIME, ETRANSFORMATION, EBUSY; the signal's reason
 */
export async function renderImage(
  bytes: Buffer,
  transformation: ImageTransformation,
  context: RenderContext,
  signal: AbortSignal,
): Promise<RenderedImage> {
  const { limits, memory } = context;
  const source = await readSource(bytes, limits, { page: transformation.page, pages: context.pages });
  const plan = planRendition(transformation, source.facts, context);
  const milliseconds = plan.page === "all" ? limits.animationMilliseconds : limits.milliseconds;
  const release = await memory.take(renderingBytes(bytes.length, source, plan, limits), signal);
  // The clock starts only here: waiting for other renderings doesn't count as this rendering's time.
  const work = startWork(signal, { ...limits, milliseconds });
  try {
    const opened = await openPicture(bytes, source, plan, transformation.page, limits, work);
    const picture = await runStage(opened, plan.stage, work);
    const { facts } = source;
    const rendered = await encode({ picture, output: plan.output, facts, kept: keptOf(source, plan) }, work);
    return await keepSmaller({ bytes, facts, transformation, plan }, rendered);
  } catch (error) {
    signal.throwIfAborted();
    throw timeUp(error) ?? error;
  } finally {
    release();
  }
}

async function openPicture(
  bytes: Buffer,
  source: ReadSource,
  plan: Plan,
  asked: number | undefined,
  limits: RenderLimits,
  work: Work,
): Promise<Picture> {
  const { facts, metadata } = source;
  const { page, orient, output } = plan;
  if (facts.format === "heic") {
    const frames = await decodeHeic(bytes, limits, work, asked === undefined ? undefined : asked - 1);
    return openHeic(frames, source, plan, work);
  }
  if (facts.format === "svg") return openDrawing(bytes, source, plan, work);
  const size = orient ? uprightSize(facts) : facts.size;
  // A decoder that shrinks the image leaves less to rotate.
  if (orient && facts.orientation > 1 && plan.stage.operations[0]?.kind !== "scale") {
    work.reserve(size, turningBytesPerPixel);
  }
  const count = page === "all" ? facts.pages : 1;
  const frames = page === "all" ? { animated: true } : asked !== undefined ? { page } : {};
  const image = sharp(bytes, { ...sourceOptions(limits), ...frames, autoOrient: orient });
  const native = count === 1 && output.keep !== "nothing" && isRgbProfile(metadata.icc);
  return { kind: "source", image: native ? image.keepIccProfile() : image, size, count };
}

/** A picture goes on as it is if it has no RGB profile, or if the result keeps the profile. */
async function openHeic(frames: Frames, { metadata }: ReadSource, { output }: Plan, work: Work): Promise<Picture> {
  const { icc } = metadata;
  if (output.keep !== "nothing" || !isRgbProfile(icc)) return inMemory(frames);
  const image = sharp(await carryMetadata(frames, { icc }, work));
  return { kind: "source", image, size: frames, count: 1 };
}

/** Draws a drawing at the size to which it would be scaled first, so that the result is as sharp as possible. */
async function openDrawing(bytes: Buffer, { facts }: ReadSource, { stage }: Plan, work: Work): Promise<Picture> {
  const [first] = stage.operations;
  const { width, height } = first?.kind === "scale" ? first : facts.size;
  work.reserve({ width, height }, frameBytesPerPixel);
  return inMemory(await drawPixels(bytes, facts.size, { width, height }, work));
}

/** The metadata that the rendering, an RGB picture, may get. A CMYK source's profile doesn't fit the rendering. */
function keptOf({ metadata: { icc, exif, xmp } }: ReadSource, { output }: Plan): Kept {
  const profile = isRgbProfile(icc) ? { icc } : {};
  return output.keep === "everything" ? { ...profile, exif, xmp } : profile;
}

function isRgbProfile(icc: Buffer | undefined): icc is Buffer {
  return icc?.toString("latin1", 16, 20) === "RGB ";
}
