import { availableParallelism } from "node:os";
import sharp from "sharp";
import { BoundedQueue, type BoundedQueueOptions } from "./bounded-queue.ts";
import type { FormatClass } from "./format-class.ts";
import { type ImageSource, readImage } from "./image-source.ts";
import { namedThumbnails, type ThumbnailName } from "./named-thumbnails.ts";
import { type RenderedImage, renderThumbnail } from "./render-thumbnail.ts";

export interface ThumbnailRequest {
  readonly source: ImageSource;
  readonly name: ThumbnailName;
  readonly format: FormatClass;
  readonly signal?: AbortSignal;
}

/** Renders images, a bounded number at a time. Its errors are `MediaError`; a broken source's are the source's own. */
export interface ImageEngine {
  /** Throws `EINVALID`, `ELIMIT`, or `EBUSY`; on abort, the signal's reason. */
  thumbnail(request: ThumbnailRequest): Promise<RenderedImage>;
  /** Refuses what waits, and waits for what runs. */
  close(): Promise<void>;
}

/** As many threads of the pool as may be busy with images; the fourth, by default, is left to file operations. */
const mostThreads = 3;
const defaultQueueLimit = 100;

/**
 * One image uses one thread, and as many are in flight as the machine has cores, shared among the processes, unless
 * told otherwise: keep it below the size of the thread pool (`UV_THREADPOOL_SIZE`, 4 by default), or file operations
 * starve. Memory for each in flight: its source, 40 MiB at most, and what libvips holds of its pixels. Sets sharp's
 * process-wide options.
 */
export function createImageEngine({
  processes = 1,
  concurrency = Math.min(Math.ceil(availableParallelism() / processes), mostThreads),
  queueLimit = defaultQueueLimit,
}: Partial<BoundedQueueOptions & { readonly processes: number }> = {}): ImageEngine {
  sharp.concurrency(1);
  sharp.cache(false);
  const queue = new BoundedQueue({ concurrency, queueLimit });
  return {
    thumbnail: ({ source, name, format, signal }) =>
      queue.run(async (stop) => renderThumbnail(await readImage(source, stop), namedThumbnails[name], format), signal),
    close: () => queue.close(),
  };
}
