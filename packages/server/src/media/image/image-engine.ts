import { availableParallelism } from "node:os";
import sharp from "sharp";
import { BoundedQueue } from "../../concurrency/bounded-queue.ts";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import type { Party } from "../../concurrency/fair-line.ts";
import { NoTurnError, type NoTurnReason } from "../../concurrency/no-turn-error.ts";
import { ShareWork } from "../../concurrency/share-work.ts";
import type { Limits } from "../../config/limits.ts";
import { releaseMemory } from "../../storage/chunk-memory.ts";
import { decodeWholeText } from "../inspect/text-content.ts";
import { MediaError } from "../media-error.ts";
import { sanitiseSvg } from "../svg/sanitise-svg.ts";
import { type ImageSource, readImage } from "./image-source.ts";
import type { ImageTransformation } from "./plan/plan.ts";
import type { RenderedImage } from "./render/encode.ts";
import { refuseManyPages } from "./render/read-source.ts";
import { type RenderContext, renderImage } from "./render/render-image.ts";
import { UnsentImages } from "./unsent-images.ts";

export interface RenderRequest {
  readonly source: ImageSource;
  readonly transformation: ImageTransformation;
  readonly context: Omit<RenderContext, "limits" | "memory" | "pages">;
  /** The same for requests that ask the same of the same bytes: they share one rendering. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** Who waits for it; the server itself where nobody is named. */
  readonly party?: Party;
}

/** Renders images, a bounded number at a time. Its errors are `MediaError`; a broken source's are the source's own. */
export interface ImageEngine {
  /** Throws `EINVALID`, `ELIMIT`, `ETIME`, `ETRANSFORMATION`, or `EBUSY`; on abort, the signal's reason. */
  render(request: RenderRequest): Promise<RenderedImage>;
  /** Throws `EBUSY` when one more rendering would be refused: for those who have something to lose by asking in vain. */
  assertRoom(): void;
  /**
   * A drawing without anything that runs or fetches.
   * @returns undefined where there is none: what isn't well-formed, or is beyond the limits
   * @throws MediaError EBUSY; the signal's reason
   */
  sanitise(source: ImageSource, signal: AbortSignal, party?: Party): Promise<string | undefined>;
  /**
   * Counts what was rendered for as long as it is being sent.
   * @param cut ends the sending, when there is too much of it
   * @returns what ends the counting
   */
  hold(data: Uint8Array, cut: () => void): () => void;
  /** Refuses what waits, and waits for what runs. */
  close(): Promise<void>;
}

export type ImageLimits = Pick<
  Limits,
  | "imageBytes"
  | "imagePixels"
  | "imageFrames"
  | "animationPixels"
  | "imageSteps"
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
  /** Of this server on this machine: they share its cores. */
  readonly processes?: number;
  /** Renderings at once. */
  readonly concurrency?: number;
}

/** As many threads of the pool as may be busy with images; the fourth, by default, is left to file operations. */
const mostThreads = 3;

/**
 * One image uses one thread, and as many are in flight as the machine has cores, shared among the processes, unless
 * told otherwise: keep it below the size of the thread pool (`UV_THREADPOOL_SIZE`, 4 by default), or file operations
 * starve. Memory for each in flight: its source, what its decoder holds, and the picture before and after an operation;
 * those that take much of it wait for each other.
 * Sets sharp's process-wide options.
 */
export function createImageEngine({
  limits,
  processes = 1,
  concurrency = Math.min(Math.ceil(availableParallelism() / processes), mostThreads),
}: ImageEngineOptions): ImageEngine {
  sharp.concurrency(1);
  sharp.cache(false);
  const waiting = { queueLimit: limits.imagesWaiting, waitMs: limits.imagesWaitMs };
  const queue = new BoundedQueue({ concurrency, ...waiting });
  // On this thread, whose other work goes on between two pieces of a drawing.
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
    memoryBytes: limits.imageMemoryBytes,
    milliseconds: limits.imageMs,
    animationMilliseconds: limits.animationMs,
  };
  return {
    async render({ source, transformation, context, key, signal, party }) {
      // What is known to be refused is neither waited for nor read.
      refuseManyPages(source);
      const work = async (stop: AbortSignal): Promise<RenderedImage> => {
        const bytes = await readImage(source, limits.imageBytes, stop);
        try {
          const { pages } = source;
          return await renderImage(bytes, transformation, { ...context, pages, limits: renderLimits, memory }, stop);
        } finally {
          // Nothing reads them any more: a rendering ends when its last pipeline has.
          if (source.keep === undefined) releaseMemory(bytes);
          else source.keep(bytes);
        }
      };
      return shared.run(key, (alone) => queue.run(work, alone, party).catch(sayBusy), signal);
    },
    assertRoom() {
      if (queue.full) throw new MediaError("EBUSY", busyMessages.full);
    },
    async sanitise(source, signal, party) {
      if (source.size > svgLimits.bytes) return undefined;
      const work = async (stop: AbortSignal): Promise<string | undefined> => {
        const text = decodeWholeText(await readImage(source, svgLimits.bytes, stop));
        return text === undefined ? undefined : sanitiseSvg(text, svgLimits, stop);
      };
      return drawings.run(work, signal, party).catch(sayBusy);
    },
    hold: (data, cut) => unsent.hold(data, cut),
    async close() {
      await Promise.all([queue.close(), drawings.close()]);
    },
  };
}

const busyMessages = {
  full: "Too many images are being rendered",
  late: "The image's turn hasn't come in time",
  closed: "The image engine is closed",
} as const satisfies Record<NoTurnReason, string>;

function sayBusy(error: unknown): never {
  if (error instanceof NoTurnError) throw new MediaError("EBUSY", busyMessages[error.reason], { cause: error });
  throw error;
}
