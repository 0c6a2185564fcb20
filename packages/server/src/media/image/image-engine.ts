import { availableParallelism } from "node:os";
import sharp from "sharp";
import { BoundedQueue } from "../../concurrency/bounded-queue.ts";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import type { Party } from "../../concurrency/fair-line.ts";
import { NoTurnError } from "../../concurrency/no-turn-error.ts";
import { ShareWork } from "../../concurrency/share-work.ts";
import type { Limits } from "../../config/limits.ts";
import { inStage } from "../../observability/request-stages.ts";
import { releaseMemory } from "../../storage/chunk-memory.ts";
import type { Detector } from "../detection/detector.ts";
import { type DetectRequest, PictureSearches } from "../detection/picture-searches.ts";
import { decodeWholeText } from "../inspect/text-content.ts";
import { MediaError } from "../media-error.ts";
import { sanitiseSvg } from "../svg/sanitise-svg.ts";
import { type ImageSource, readImage } from "./image-source.ts";
import type { Region } from "./pixels/geometry.ts";
import type { WorkClock } from "./pixels/work-clock.ts";
import type { FoundThing, FoundThings } from "./plan/found-things.ts";
import type { ImageTransformation } from "./plan/plan.ts";
import { refuseBusy } from "./refuse-busy.ts";
import type { RenderedImage } from "./render/encode.ts";
import type { LayerBytes } from "./render/layers/layer-source.ts";
import { refuseManyPages } from "./render/read-source.ts";
import { type RenderContext, renderImage } from "./render/render-image.ts";
import { UnsentImages } from "./unsent-images.ts";

export interface RenderRequest {
  readonly source: ImageSource;
  /** The files that layers of the transformation show, and the fonts of their texts, by their paths. */
  readonly layers?: ReadonlyMap<string, LayerFileSource> | undefined;
  readonly transformation: ImageTransformation;
  readonly context: Omit<RenderContext, "limits" | "memory" | "pages" | "layers" | "clock" | "onLate">;
  /** Equal for requests that ask for the same rendering of the same bytes. These requests share one rendering. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** The time that was spent on the picture before, and what the rendering adds to it. */
  readonly clock?: WorkClock;
  /** The party that waits for the rendering; the server itself when no party is named. */
  readonly party?: Party;
}

/** A file that a layer needs: the picture that it shows, or the font of its text. */
export interface LayerFileSource {
  readonly source: ImageSource;
  /** The area of interest that is stored with the file. */
  readonly area: Region | undefined;
  /** The things that were found in the file, by `chosenPageKey`. */
  readonly things?: ReadonlyMap<string, FoundThings> | undefined;
}

/** Renders a bounded number of images at a time. It throws `MediaError`; a broken source throws its own errors. */
export interface ImageEngine {
  /** Throws `EINVALID`, `ELIMIT`, `ETIME`, `ETRANSFORMATION`, `ELAYER`, or `EBUSY`; on abort, the signal's reason. */
  render(request: RenderRequest): Promise<RenderedImage>;
  /** Whether the models that find faces and objects are installed. */
  readonly detects: boolean;
  /**
   * Finds faces or objects in a picture. Models take seconds at most, whatever the picture shows, and one picture at a
   * time. All of that counts as time of the picture for which it is asked.
   * @throws MediaError EDETECTOR where the models are not installed; ETIME where the picture has no time left; otherwise
   * as `render` does
   */
  detect(request: DetectRequest): Promise<readonly FoundThing[]>;
  /**
   * Throws `EBUSY` when one more rendering would be refused. It is for callers that lose something when they ask in
   * vain.
   */
  assertRoom(): void;
  /**
   * Removes everything from a drawing that runs or fetches.
   * @returns undefined for a drawing that isn't well-formed or is beyond the limits
   * @throws MediaError EBUSY; the signal's reason
   */
  sanitise(source: ImageSource, signal: AbortSignal, party?: Party): Promise<string | undefined>;
  /**
   * Counts the memory of a rendered image while the image is being sent.
   * @param cut ends the sending, when too many bytes are being sent
   * @returns a function that ends the counting
   */
  hold(data: Uint8Array, cut: () => void): () => void;
  /** Refuses the renderings that wait, and waits for those that run. */
  close(): Promise<void>;
}

export type ImageLimits = Pick<
  Limits,
  | "imageBytes"
  | "imagePixels"
  | "imageFrames"
  | "animationPixels"
  | "imageSteps"
  | "imageLayers"
  | "imageMemoryBytes"
  | "imagesMemoryBytes"
  | "imageMs"
  | "animationMs"
  | "imagesWaiting"
  | "imagesWaitMs"
  | "imagesUnsentBytes"
  | "svgBytes"
  | "svgElements"
>;

export interface ImageEngineOptions {
  readonly limits: ImageLimits;
  /** The number of this server's processes on this machine. They share its cores. */
  readonly processes?: number;
  /** The number of renderings at once. */
  readonly concurrency?: number;
  /** The models that search pictures. Whoever opened them closes them after the engine. */
  readonly detector?: Detector;
}

/**
 * The number of threads of the pool that may be busy with images. By default, the fourth is left to file operations.
 */
const maxThreads = 3;

/**
 * One image uses one thread. By default, as many images are in flight as the machine has cores, shared among the
 * processes. Keep `concurrency` below the size of the thread pool (`UV_THREADPOOL_SIZE`, 4 by default), or file
 * operations starve. Each image in flight takes memory for its source, for what its decoder holds, and for the
 * picture before and after an operation. Images that take much memory wait for each other.
 * This function sets sharp's process-wide options.
 */
export function createImageEngine({
  limits,
  processes = 1,
  concurrency = Math.min(Math.ceil(availableParallelism() / processes), maxThreads),
  detector,
}: ImageEngineOptions): ImageEngine {
  sharp.concurrency(1);
  sharp.cache(false);
  const waiting = { queueLimit: limits.imagesWaiting, waitMs: limits.imagesWaitMs };
  const queue = new BoundedQueue({ concurrency, ...waiting });
  // Drawings are sanitised on this thread. Its other work goes on between two pieces of a drawing.
  const drawings = new BoundedQueue({ concurrency: 1, ...waiting });
  const svgLimits = { bytes: limits.svgBytes, elements: limits.svgElements };
  const shared = new ShareWork<RenderedImage>();
  const memory = new ByteBudget(limits.imagesMemoryBytes);
  const unsent = new UnsentImages(limits.imagesUnsentBytes);
  const renderLimits = {
    pixels: limits.imagePixels,
    frames: limits.imageFrames,
    animationPixels: limits.animationPixels,
    steps: limits.imageSteps,
    layers: limits.imageLayers,
    memoryBytes: limits.imageMemoryBytes,
    milliseconds: limits.imageMs,
    animationMilliseconds: limits.animationMs,
  };
  const searches = new PictureSearches({
    render: (request) => engine.render(request),
    detector,
    maxMs: limits.imageMs,
    ...waiting,
  });
  const engine: ImageEngine = {
    async render({ source, layers = new Map(), transformation, context, key, signal, clock, party }) {
      // A source that is known to be refused neither waits for its turn nor is read.
      for (const file of [source, ...[...layers.values()].map((layer) => layer.source)]) refuseManyPages(file);
      refuseLargeLayers(layers, limits.imageBytes);
      const work = async (stop: AbortSignal, onLate: (error: MediaError) => void): Promise<RenderedImage> => {
        const bytes = await readImage(source, limits.imageBytes, stop);
        const drawn = new Map<string, LayerBytes>();
        try {
          await readLayerFiles(drawn, layers, limits.imageBytes, stop);
          const { pages } = source;
          const whole = { ...context, pages, layers: drawn, limits: renderLimits, memory, clock, onLate };
          return await renderImage(bytes, transformation, whole, stop);
        } finally {
          // Nothing reads the bytes any more: a rendering ends when its last pipeline has ended.
          for (const layer of drawn.values()) releaseMemory(layer.bytes);
          if (source.keep === undefined) releaseMemory(bytes);
          else source.keep(bytes);
        }
      };
      // Whoever waits hears in time that it is up. Native work that goes on keeps its place in the queue until it ends.
      const untilLate = (alone: AbortSignal): Promise<RenderedImage> => {
        const late = new AbortController();
        const timely = (stop: AbortSignal) => work(stop, (error) => late.abort(error));
        return queue.run(timely, AbortSignal.any([alone, late.signal]), party).catch(refuseBusy);
      };
      return inStage("render", () => shared.run(key, untilLate, signal));
    },
    detects: detector?.installed === true,
    detect: (request) => searches.detect(request),
    assertRoom() {
      if (queue.full) refuseBusy(new NoTurnError("full"));
    },
    async sanitise(source, signal, party) {
      if (source.size > svgLimits.bytes) return undefined;
      const work = async (stop: AbortSignal): Promise<string | undefined> => {
        const text = decodeWholeText(await readImage(source, svgLimits.bytes, stop));
        return text === undefined ? undefined : sanitiseSvg(text, svgLimits, stop);
      };
      return inStage("render", () => drawings.run(work, signal, party).catch(refuseBusy));
    },
    hold: (data, cut) => unsent.hold(data, cut),
    async close() {
      await Promise.all([queue.close(), drawings.close(), searches.close()]);
    },
  };
  return engine;
}

/** The files of layers may together be as large as one image. @throws MediaError ELIMIT */
function refuseLargeLayers(layers: ReadonlyMap<string, LayerFileSource>, maxBytes: number): void {
  const size = [...layers.values()].reduce((sum, { source }) => sum + source.size, 0);
  if (size > maxBytes) throw new MediaError("ELIMIT", `The layers' files have more than ${maxBytes} bytes together`);
}

async function readLayerFiles(
  drawn: Map<string, LayerBytes>,
  layers: ReadonlyMap<string, LayerFileSource>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  for (const [path, { source, area, things }] of layers) {
    drawn.set(path, { bytes: await readImage(source, maxBytes, signal), pages: source.pages, area, things });
  }
}
