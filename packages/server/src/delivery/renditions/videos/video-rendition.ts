import { canonicalText, TransformationError } from "@sluice/grammar";
import { MediaError } from "../../../media/media-error.ts";
import { planEncode } from "../../../media/video/plan-encode.ts";
import type { VideoEngine } from "../../../media/video/video-engine.ts";
import {
  layersOf,
  readLayerSpan,
  readSpan,
  readVideoOutput,
  refuseForVideo,
  type VideoOutput,
  wholeOf,
} from "../../../media/video/video-request.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { renditionKey } from "../kept/rendition-key.ts";
import { askedLater } from "../later/later-job.ts";
import type { LaterRenditions } from "../later/later-renditions.ts";
import { MadeLater } from "../later/made-later.ts";
import { hasFailed } from "../later/remembered-failures.ts";
import type { Asked, Rendition } from "../rendition.ts";
import { videoKind } from "./job-kinds.ts";
import { makesVideo } from "./makes-video.ts";
import type { VideoAsker } from "./video-events.ts";

export interface VideoNeeds {
  readonly derived: Pick<RenditionCache, "find">;
  readonly videos: Pick<VideoEngine, "program" | "limits">;
  readonly later: Pick<LaterRenditions, "forget">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Raise this number when the engine writes other videos for the same input. Videos made before are then not served. */
const videoRevision = 1;

/**
 * Has videos made by jobs: other sizes, parts, codecs and formats of a video (docs/protocol/transformations.md §7).
 * @returns undefined for other files, and where the URL asks for the video itself or for its thumbnail
 * @throws DeliveryRefusal TRANSFORMATION_INVALID
 */
export function videoRendition(needs: VideoNeeds, asked: Asked): Rendition | undefined {
  const { version, rendition, layers, signed } = asked;
  if (!makesVideo(version, rendition)) return undefined;
  const { transformation } = rendition;
  const output = refusingVideo(() => {
    refuseForVideo(transformation);
    const whole = wholeOf(transformation);
    const { start, duration } = readSpan(whole, version.duration);
    const initial = version.duration ?? undefined;
    const base = duration ?? (initial === undefined ? undefined : initial - start);
    for (const { placement } of layersOf(transformation)) readLayerSpan(placement, { initial, base });
    // What follows from the size is known at once where the upload has told it.
    const { width, height, video_codec, audio_codec } = version;
    if (width !== null && height !== null && video_codec !== null) {
      const facts = {
        width,
        height,
        videoCodec: video_codec,
        ...(audio_codec !== null && { audioCodec: audio_codec }),
      };
      planEncode(
        transformation,
        { ...facts, ...(initial !== undefined && { duration: initial }) },
        needs.videos.limits,
      );
    }
    return readVideoOutput(whole);
  });
  const drawn = [...layers].map(([path, { id, purges }]) => [path, id, purges]);
  const key = renditionKey(version, ["video", videoRevision, canonicalText(transformation), ...drawn]);
  return {
    key,
    vary: [],
    async make(signal) {
      const program = await needs.videos.program();
      if ("missing" in program) throw new MediaError("EFFMPEG", program.missing);
      if (await hasFailed(needs.derived, version, key, needs.now(), signal)) {
        needs.later.forget(key);
        throw new DeliveryRefusal("ENCODE_FAILED");
      }
      throw new MadeLater(key, "the video has not been encoded yet");
    },
    later: {
      kind: videoKind.name,
      input: { ...askedLater(version, rendition, {}, undefined, signed), ...askerOf(asked, output) },
    },
    pending: "original",
  };
}

function askerOf({ asker, requestHeaders, version }: Asked, output: VideoOutput): { readonly asker?: VideoAsker } {
  if (asker === undefined) return {};
  const { "user-agent": userAgent } = requestHeaders;
  const type = version.kind === "video" ? "video-transformation" : "gif-to-video";
  return { asker: { ...asker, ...(userAgent !== undefined && { userAgent }), type, output } };
}

/** The messages name what the transformation asks for, so that its author can mend it. */
function refusingVideo<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const isTold = error instanceof TransformationError || error instanceof MediaError;
    if (!isTold) throw error;
    throw new DeliveryRefusal("TRANSFORMATION_INVALID", {}, { message: error.message, cause: error });
  }
}
