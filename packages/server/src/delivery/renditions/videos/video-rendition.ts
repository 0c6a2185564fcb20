import { canonicalText, layerFilesIn } from "@sluice/grammar";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { ToldRequest } from "../../../events/video-events.ts";
import { installedFonts } from "../../../media/image/render/text/installed-fonts.ts";
import { MediaError } from "../../../media/media-error.ts";
import { assertCanMake } from "../../../media/video/encode-video.ts";
import { checkVideo } from "../../../media/video/plan-encode.ts";
import type { ProbedFacts } from "../../../media/video/probed-facts.ts";
import type { VideoEngine } from "../../../media/video/video-engine.ts";
import type { VideoOutput } from "../../../media/video/video-request.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { renditionKey } from "../kept/rendition-key.ts";
import { askedLater, MadeLater } from "../later/later-job.ts";
import type { LaterRenditions } from "../later/later-renditions.ts";
import { hasFailed } from "../later/remembered-failures.ts";
import type { Asked, Rendition } from "../rendition.ts";
import { videoKind } from "./job-kinds.ts";
import { storedSubtitles } from "./layer-supplies.ts";
import { makesVideo, refusingVideo } from "./makes-video.ts";

export interface VideoDeps {
  readonly blobs: Pick<BlobStore, "read">;
  readonly derived: Pick<RenditionCache, "find">;
  readonly videos: Pick<VideoEngine, "program" | "limits">;
  readonly later: Pick<LaterRenditions, "forget">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Raise this number when the engine writes other videos for the same input. Videos made before are then not served. */
const videoRevision = 2;

/**
 * Has videos made by jobs: other sizes, parts, codecs and formats of a video (docs/protocol/transformations.md §7).
 * @returns undefined for other files, and where the URL asks for the video itself or for its thumbnail
 * @throws DeliveryRefusal TRANSFORMATION_INVALID, TRANSFORMATION_LIMIT, LAYER_NOT_FOUND
 */
export function videoRendition(deps: VideoDeps, asked: Asked): Rendition | undefined {
  const { version, rendition, layers, signed } = asked;
  if (!makesVideo(version, rendition)) return undefined;
  const { transformation } = rendition;
  const { videos, subtitles } = layerFilesIn(transformation);
  const laid = new Map([...layers].flatMap(([path, row]) => (videos.has(path) ? [[path, factsOf(row)]] : [])));
  const known = { facts: factsOf(version), layers: laid };
  const output = refusingVideo(() => checkVideo(transformation, known, deps.videos.limits));
  const drawn = [...layers].map(([path, { id, purges }]) => [path, id, purges]);
  const key = renditionKey(version, ["video", videoRevision, canonicalText(transformation), ...drawn]);
  return {
    key,
    vary: [],
    async make(signal) {
      const program = await deps.videos.program();
      if ("missing" in program) throw new MediaError("EFFMPEG", program.missing);
      assertCanMake(program, transformation);
      for (const path of subtitles) await storedSubtitles(deps.blobs, layers, path, signal);
      if (subtitles.size > 0) await installedFonts();
      if (await hasFailed(deps.derived, version, key, deps.now(), signal)) {
        deps.later.forget(key);
        throw new DeliveryRefusal("ENCODE_FAILED");
      }
      throw new MadeLater(key, "the video has not been encoded yet");
    },
    later: {
      kind: videoKind.name,
      input: { ...askedLater(version, rendition, {}, undefined, signed), ...toldOf(asked, output) },
    },
    pending: "original",
  };
}

/** What the upload has told of the video. */
export function factsOf({ width, height, duration, video_codec, audio_codec }: DeliverableRow): ProbedFacts {
  return {
    ...(width !== null && { width }),
    ...(height !== null && { height }),
    ...(duration !== null && { duration }),
    ...(video_codec !== null && { videoCodec: video_codec }),
    ...(audio_codec !== null && { audioCodec: audio_codec }),
  };
}

function toldOf(
  { request, requestHeaders, version }: Asked,
  { container, video, audio, quality }: VideoOutput,
): { readonly told?: ToldRequest } {
  if (request === undefined) return {};
  const { "user-agent": userAgent } = requestHeaders;
  const type = version.kind === "video" ? "video-transformation" : "gif-to-video";
  const options = {
    ...{ format: container, quality, auto_rotate: true },
    ...(video !== undefined && { video_codec: video }),
    ...(audio !== undefined && { audio_codec: audio }),
  };
  return { told: { ...request, ...(userAgent !== undefined && { userAgent }), type, options } };
}
