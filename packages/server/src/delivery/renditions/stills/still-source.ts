import { Readable } from "node:stream";
import type { Transformation } from "@sluice/grammar";
import type { Party } from "../../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { ImageSource } from "../../../media/image/image-source.ts";
import type { VideoEngine } from "../../../media/video/video-engine.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { bytesOf } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { renditionKey } from "../kept/rendition-key.ts";
import { storedSource } from "../pictures/render-picture.ts";

export interface StillNeeds {
  readonly blobs: Pick<BlobStore, "read" | "readWhole" | "localPath">;
  readonly derived: Pick<RenditionCache, "get">;
  readonly videos: Pick<VideoEngine, "still">;
}

/** The type of a still, from which pictures are made. */
export const stillType = "image/jpeg";

/** Raise this number when the engine takes another still for the same time. Stills taken before are then not used. */
const stillRevision = 1;

type Film = Pick<DeliverableRow, "account_id" | "id" | "purges" | "storage_key" | "size" | "pages" | "duration">;

/**
 * Takes the still of a video from which a thumbnail is made, once for pictures of all sizes.
 * @param at in seconds
 * @throws MediaError, and the store's errors; the signal's reason
 */
export async function stillSource(
  { blobs, derived, videos }: StillNeeds,
  film: Film,
  at: number,
  party: Party,
  signal: AbortSignal,
): Promise<ImageSource> {
  const key = renditionKey(film, ["still", stillRevision, at]);
  const make = async (running: AbortSignal) => {
    const { data, contentType } = await videos.still(storedSource(blobs, film), at, { signal: running, party, key });
    return { data, contentType, width: 0 };
  };
  const kept = await derived.get(key, make, signal);
  const data = await bytesOf(kept, signal);
  return { size: data.length, open: async () => Readable.from([data]) };
}

/** Leaves out what chooses the still, so that the rest is a transformation of a picture. */
export function withoutTimes({ steps }: Transformation): Transformation {
  return {
    steps: steps.map((step) => {
      if (step.kind !== "parameters") return step;
      const { so: _so, eo: _eo, du: _du, ...parameters } = step.parameters;
      return { ...step, parameters };
    }),
  };
}
