import { Readable } from "node:stream";
import type { Transformation } from "@sluice/grammar";
import type { Party } from "../../../concurrency/fair-line.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { ImageSource } from "../../../media/image/image-source.ts";
import type { VideoEngine } from "../../../media/video/video-engine.ts";
import { readStillTime, refuseSoundTimes } from "../../../media/video/video-request.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { bytesOf } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { renditionKey } from "../kept/rendition-key.ts";
import { storedSource } from "../pictures/render-picture.ts";

export interface StillDeps {
  readonly blobs: Pick<BlobStore, "read" | "readWhole" | "localPath">;
  readonly derived: Pick<RenditionCache, "get">;
  readonly videos: Pick<VideoEngine, "still" | "soundStill">;
}

/** The type of a still, from which pictures are made. */
export const stillType = "image/jpeg";

/** Raise this number when the engine takes another still of the same file. Stills taken before are then not used. */
const stillRevision = 1;

/** What is taken: the picture at a time of a video, in seconds, or the cover or waveform of a sound. */
export type StillChoice = number | "sound";

type TimedRow = Pick<DeliverableRow, "kind" | "duration" | "video_codec" | "audio_codec">;
type Film = Pick<DeliverableRow, "account_id" | "id" | "purges" | "storage_key" | "size" | "pages">;

/** Whether thumbnails of the file are made from a still. */
export function hasStill({ kind }: Pick<DeliverableRow, "kind">): boolean {
  return kind === "video" || kind === "audio";
}

/**
 * Reads which still a thumbnail shows. A video that has a sound alone is shown as audio files are.
 * @throws MediaError ETRANSFORMATION
 */
export function stillChoice(
  { kind, duration, video_codec: videoCodec, audio_codec: audioCodec }: TimedRow,
  transformation: Transformation,
): StillChoice {
  const isSound = kind === "audio" || (videoCodec === null && audioCodec !== null);
  if (!isSound) return readStillTime(transformation, duration ?? undefined);
  refuseSoundTimes(transformation);
  return "sound";
}

/** Tells all stills apart, and a still from the file that it is taken of. */
export function stillKey(film: Pick<DeliverableRow, "account_id" | "id" | "purges">, choice: StillChoice): string {
  return renditionKey(film, ["still", stillRevision, choice]);
}

/**
 * Takes the still of a video or a sound from which a thumbnail is made, once for pictures of all sizes.
 * @throws MediaError, and the store's errors; the signal's reason
 */
export async function stillSource(
  { blobs, derived, videos }: StillDeps,
  film: Film,
  choice: StillChoice,
  party: Party,
  signal: AbortSignal,
): Promise<ImageSource> {
  const key = stillKey(film, choice);
  const make = async (running: AbortSignal) => {
    const source = storedSource(blobs, film);
    const options = { signal: running, party, key };
    const taken = choice === "sound" ? videos.soundStill(source, options) : videos.still(source, choice, options);
    const { data, contentType } = await taken;
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
