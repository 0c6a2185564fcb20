import { Readable } from "node:stream";
import { evaluateExpression, everyStep, type Transformation } from "@sluice/grammar";
import type { Party } from "../../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { ImageSource } from "../../../media/image/image-source.ts";
import type { VideoEngine } from "../../../media/video/video-engine.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import { bytesOf } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { renditionKey } from "../kept/rendition-key.ts";

export interface StillNeeds {
  readonly blobs: Pick<BlobStore, "read" | "localPath">;
  readonly derived: Pick<RenditionCache, "get">;
  readonly videos: Pick<VideoEngine, "still">;
}

/** The type of a still, from which pictures are made. */
export const stillType = "image/jpeg";

/** Raise this number when the engine takes another still for the same time. Stills taken before are then not used. */
const stillRevision = 1;

type Film = Pick<DeliverableRow, "account_id" | "id" | "purges" | "storage_key" | "size" | "duration">;

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
  const { storage_key: key, size } = film;
  const source = {
    size,
    path: blobs.localPath?.(key),
    open: (opened: AbortSignal) => blobs.read(key, undefined, opened),
  };
  const make = async (running: AbortSignal) => {
    const { data, contentType } = await videos.still(source, at, { signal: running, party });
    return { data, contentType, width: 0 };
  };
  const kept = await derived.get(renditionKey(film, ["still", stillRevision, at]), make, signal);
  const data = await bytesOf(kept, signal);
  return { size: data.length, open: async () => Readable.from([data]) };
}

/**
 * The time of the still that a thumbnail's URL asks for, in seconds. The last `so` counts, as in all that concerns the
 * whole result (docs/protocol/transformations.md §7.1).
 * @throws DeliveryRefusal TRANSFORMATION_INVALID
 */
export function stillTime({ steps }: Transformation, { duration }: Pick<Film, "duration">): number {
  const asked = everyStep(steps).findLast(({ parameters }) => parameters.so !== undefined)?.parameters.so ?? 0;
  const at = typeof asked === "number" ? asked : evaluateExpression(asked, duration === null ? {} : { idu: duration });
  if (at === undefined) throw invalid("so can't be worked out: the video doesn't tell how long it takes.");
  if (at < 0) throw invalid(`so is ${at} s here. It must not be negative.`);
  if (duration !== null && at > 0 && at >= duration) {
    throw invalid(`so is ${at} s here, and the video takes ${duration} s.`);
  }
  return at;
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

function invalid(message: string): DeliveryRefusal {
  return new DeliveryRefusal("TRANSFORMATION_INVALID", {}, { message });
}
