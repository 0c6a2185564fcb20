import type { ImageSource } from "../image-source.ts";
import { startWork, tooLate, type Work } from "../pixels/work.ts";
import { WorkClock } from "../pixels/work-clock.ts";
import { asksModels, layersIn } from "../plan/layer-steps.ts";
import { type ImageTransformation, type Plan, type PlanContext, planRendition } from "../plan/plan.ts";
import type { AskAi } from "./ask-ai.ts";
import { encode, type RenderedImage, refuseUnwritable } from "./encode.ts";
import { keepSmaller } from "./keep-smaller.ts";
import { type LayerBytes, type LayerSource, readLayers } from "./layers/layer-source.ts";
import { layerRenderer } from "./layers/render-layer.ts";
import type { Kept } from "./metadata-carrier.ts";
import { isRgbProfile, openPicture } from "./open-picture.ts";
import { pageLimits } from "./pages/read-page.ts";
import { type ReadSource, readSource, type SourceLimits } from "./read-source.ts";
import { timeUp } from "./render-error.ts";
import { type RenderingMemory, renderingMemory } from "./rendering-memory.ts";
import { firstFrame, runStage } from "./run-stage.ts";

const noLayers: ReadonlyMap<string, LayerBytes> = new Map();

export interface RenderLimits extends SourceLimits {
  readonly layers: number;
  readonly frames: number;
  readonly animationPixels: number;
  readonly steps: number;
  readonly milliseconds: number;
  /** The limit for all frames of an animation together. */
  readonly animationMilliseconds: number;
}

export interface RenderContext extends Omit<PlanContext, "limits" | "layers">, Pick<ImageSource, "pages"> {
  readonly limits: RenderLimits;
  /** The files that layers show, and the fonts of their texts, by their paths. */
  readonly layers?: ReadonlyMap<string, LayerBytes> | undefined;
  /** Asks for the picture that a model makes in a step. */
  readonly askAi: AskAi;
  /** The time that was spent on the picture before, such as on searches of it, in milliseconds. */
  readonly spentMs: number;
  /**
   * Waits until the rendering may take so many bytes in all. Then it has so many milliseconds. All renderings of a
   * machine share a budget of memory.
   */
  readonly take: (memory: RenderingShare) => Promise<void>;
  /** Called when the picture is made and is only written, which has time of its own. */
  readonly onMade: () => void;
}

export interface RenderingShare {
  readonly bytes: number;
  readonly milliseconds: number;
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
  const { limits, take, onMade, askAi, spentMs } = context;
  const files = context.layers ?? noLayers;
  const clock = new WorkClock();
  clock.add(spentMs);
  // Headers are read before the memory is known, and so before it is this rendering's turn to take memory.
  const measuringMs = Math.min(pageLimits.measuringMs, limits.milliseconds - clock.ms);
  const reading = startWork(signal, { ...limits, milliseconds: measuringMs });
  const { page: asked, layers: selected } = transformation;
  const { source, layers } = await clock.count(async () => ({
    source: await readSource(bytes, limits, reading, { page: asked, layers: selected, pages: context.pages }),
    layers: await readLayers(transformation.steps, files, limits, reading),
  }));
  const plan = planRendition(transformation, source.facts, { ...context, layers });
  refuseUnwritablePlan(plan, source, reading);
  const encoded = [...files.values()].reduce((sum, file) => sum + file.bytes.length, bytes.length);
  const milliseconds = plan.page === "all" ? limits.animationMilliseconds : limits.milliseconds;
  const prepared = { bytes: source.bytes, transformation, source, files, layers, plan, limits, askAi, onMade };
  const [first, again] = renderingMemory(encoded, source, plan, limits, layers);
  const within = async (estimate: RenderingMemory, beyond?: Error): Promise<RenderedImage> => {
    const left = milliseconds - clock.ms;
    if (left <= 0) throw tooLate();
    await take({ bytes: estimate.bytes, milliseconds: left });
    const work = startWork(signal, { ...limits, milliseconds: left });
    const own = work.within(estimate.pictureBytes, beyond);
    try {
      return await clock.count(() => renderPlanned(prepared, work, own));
    } catch (error) {
      signal.throwIfAborted();
      throw timeUp(error) ?? error;
    }
  };
  if (again === undefined) return within(first);
  const beyond = new Error("The picture takes more memory than estimated");
  return within(first, beyond).catch((error: unknown) => {
    if (error !== beyond) throw error;
    return within(again);
  });
}

interface Prepared {
  readonly bytes: Buffer;
  readonly transformation: ImageTransformation;
  readonly source: ReadSource;
  readonly files: ReadonlyMap<string, LayerBytes>;
  readonly layers: ReadonlyMap<string, LayerSource>;
  readonly plan: Plan;
  readonly limits: RenderLimits;
  readonly askAi: AskAi;
  readonly onMade: () => void;
}

/** @throws MediaError ELIMIT where it is known before anything is decoded that no format can hold the result */
function refuseUnwritablePlan({ stage, output, page }: Plan, { facts }: ReadSource, work: Work): void {
  if (stage.pause !== undefined) return;
  refuseUnwritable(stage.size, page === "all" && output.plays ? facts.pages : 1, output, work);
}

/** @param own the work on the picture itself, apart from its layers and from how it is read and written */
async function renderPlanned(
  { bytes, transformation, source, files, layers, plan, limits, askAi, onMade }: Prepared,
  work: Work,
  own: Work,
): Promise<RenderedImage> {
  const { orient, output, stage } = plan;
  const { facts } = source;
  // Without a page in the URL, decoders choose the main page, which needn't be the first one.
  const page = plan.page === "all" || transformation.page !== undefined ? plan.page : undefined;
  // Models, like layers, have their pictures in sRGB.
  const isMixed = layersIn(transformation.steps).length > 0 || asksModels(transformation.steps);
  const keepsColours = output.keep !== "nothing" && !isMixed;
  const helpers = { renderLayer: layerRenderer(layers, files, limits, work, askAi), askAi };
  const opened = await openPicture({ bytes, source, page, orient, keepsColours, stage }, limits, work);
  const { picture: left, asked } = await runStage(opened, stage, own, helpers);
  const written = plan.outputOf(asked);
  const picture = written.plays ? left : await firstFrame(left, work);
  const kept = keptOf(source, written, keepsColours);
  const rendered = await encode({ picture, output: written, facts, kept, onMade }, work);
  return keepSmaller({ bytes, facts, transformation, plan }, rendered);
}

/**
 * The metadata that the rendering, an RGB picture, may get. A CMYK source's profile doesn't fit the rendering. Neither
 * does any profile once layers, which are in sRGB, are drawn on the picture.
 */
function keptOf({ metadata: { icc, exif, xmp } }: ReadSource, output: Plan["output"], keepsColours: boolean): Kept {
  const profile = keepsColours && isRgbProfile(icc) ? { icc } : {};
  return output.keep === "everything" ? { ...profile, exif, xmp } : profile;
}
