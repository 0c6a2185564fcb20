import { randomUUID } from "node:crypto";
import type { Party } from "../../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { FindAiPicture } from "../../../media/image/asked-picture.ts";
import type { ImageEngine, RenderRequest } from "../../../media/image/image-engine.ts";
import type { ImageSource } from "../../../media/image/image-source.ts";
import { WorkClock } from "../../../media/image/pixels/work-clock.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import type { MadeBytes } from "../kept/kept-rendition.ts";
import { type DetectionDeps, findThings, type Subject } from "./detections/kept-detections.ts";
import type { DrawnLayer } from "./recipe.ts";

export interface RenderDeps extends Pick<DetectionDeps, "database"> {
  readonly images: Pick<ImageEngine, "render" | "detect">;
}

export interface PictureToRender extends Subject {
  readonly transformation: RenderRequest["transformation"];
  readonly context: Omit<RenderRequest["context"], "things">;
  readonly party: Party;
  /** Renderings with the same key share their work. Without one, the result is memory that nobody else uses. */
  readonly key?: string;
  /** The content whose rendering is charged, and remembered if it can't be opened. */
  readonly file?: string;
  readonly findAiPicture?: FindAiPicture;
}

/**
 * Searches a picture for what its transformation goes by, and renders it.
 * @throws MediaError, and the store's errors; the signal's reason; what `findAiPicture` throws
 */
export async function renderPicture(
  deps: RenderDeps,
  { context, party, key = randomUUID(), file, findAiPicture, ...subject }: PictureToRender,
  signal: AbortSignal,
): Promise<MadeBytes & { readonly data: Buffer }> {
  const clock = new WorkClock();
  const { things, layers } = await findThings(deps, subject, signal, { party, clock });
  return deps.images.render({
    source: subject.picture.source,
    layers,
    transformation: subject.transformation,
    context: { ...context, things },
    key,
    ...(file !== undefined && { file }),
    ...(findAiPicture !== undefined && { findAiPicture }),
    clock,
    party,
    signal,
  });
}

type Blobs = Pick<BlobStore, "read" | "readWhole" | "localPath">;

/** The files that layers draw, by their paths. */
export function layerSources(blobs: Blobs, layers: readonly DrawnLayer[]): Subject["layers"] {
  return new Map(
    layers.map(({ path, version, area }) => [
      path,
      { source: storedSource(blobs, version), content: version.blob_id, area },
    ]),
  );
}

/** A stored picture, as the image engine reads it. */
export function storedSource(
  blobs: Blobs,
  { storage_key, size, pages }: Pick<DeliverableRow, "storage_key" | "size" | "pages">,
): ImageSource {
  const readWhole = blobs.readWhole?.bind(blobs);
  return {
    size,
    pages,
    path: blobs.localPath?.(storage_key),
    open: (opened) => blobs.read(storage_key, undefined, opened),
    openRange: (range, opened) => blobs.read(storage_key, range, opened),
    ...(readWhole !== undefined && { readWhole: (opened) => readWhole(storage_key, size, opened) }),
  };
}
