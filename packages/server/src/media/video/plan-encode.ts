import type { Transformation } from "@sluice/grammar";
import type { ProbedFacts } from "./probed-facts.ts";
import { type Overlay, planFilters, type VideoLimits } from "./video-filters.ts";
import {
  type AudioCodec,
  invalid,
  layersOf,
  readLayerSpan,
  readSpan,
  readVideoOutput,
  refuseForVideo,
  type Span,
  type VideoCodec,
  type VideoOutput,
  wholeOf,
} from "./video-request.ts";

/** The facts of a video that was written. */
export interface Encoded {
  readonly contentType: "video/mp4" | "video/webm" | "audio/mp4" | "audio/webm";
  /** In pixels; 0 where there is sound alone. */
  readonly width: number;
}

/** The options of an encode, before and behind the input. */
export interface PlannedEncode extends Encoded {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The seconds that the result takes; 0 where they aren't known. */
  readonly seconds: number;
  /** What lies over the video: further inputs. */
  readonly overlays: readonly Overlay[];
}

/**
 * Refuses what can be known to be wrong before a video is read. Where the upload has told its facts, that is all.
 * @returns how the video will be written
 * @throws MediaError ETRANSFORMATION, ELIMIT; TransformationError
 */
export function checkVideo(transformation: Transformation, facts: ProbedFacts, limits: VideoLimits): VideoOutput {
  refuseForVideo(transformation);
  const whole = wholeOf(transformation);
  const { duration: initial, width, height, videoCodec } = facts;
  const base = secondsIn(readSpan(whole, initial), initial);
  for (const { placement } of layersOf(transformation)) readLayerSpan(placement, { initial, base });
  const output = readVideoOutput(whole);
  const isTold = videoCodec !== undefined && width !== undefined && height !== undefined;
  if (isTold) planEncode(transformation, facts, limits);
  return output;
}

/** The seconds that a part takes, as far as they are known. */
function secondsIn({ start, duration }: Span, total: number | undefined): number | undefined {
  return duration ?? (total === undefined ? undefined : total - start);
}

/**
 * Plans the encode of a video.
 * @throws MediaError ETRANSFORMATION, ELIMIT; TransformationError
 */
export function planEncode(transformation: Transformation, facts: ProbedFacts, limits: VideoLimits): PlannedEncode {
  refuseForVideo(transformation);
  const whole = wholeOf(transformation);
  const { container, video, audio, quality } = readVideoOutput(whole);
  const { duration, width, height, videoCodec, audioCodec } = facts;
  const { start, duration: length } = readSpan(whole, duration);
  const hasPicture = video !== undefined && videoCodec !== undefined && width !== undefined && height !== undefined;
  const hasSound = audio !== undefined && audioCodec !== undefined;
  if (!hasPicture && !hasSound) throw invalid("The file has nothing of what is asked for.");
  const seconds = secondsIn({ start, duration: length }, duration);
  const filtered = hasPicture
    ? planFilters(transformation, { size: { width, height }, duration, seconds }, limits)
    : undefined;
  const time = (at: number): string => at.toFixed(6);
  return {
    before: start > 0 ? ["-ss", time(start)] : [],
    after: [
      ...(length === undefined ? [] : ["-t", time(length)]),
      ...(filtered === undefined
        ? ["-vn"]
        : ["-filter_complex", filtered.filters, "-map", "[v]", ...videoOptions(video ?? "h264", quality)]),
      ...(hasSound ? ["-map", "0:a:0", ...soundOptions[audio]] : ["-an"]),
      // Neither places nor names go with the result.
      ...["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"],
      ...(container === "mp4" ? ["-movflags", "+faststart", "-f", "mp4"] : ["-f", "webm"]),
    ],
    seconds: seconds ?? 0,
    overlays: filtered?.overlays ?? [],
    contentType: `${filtered === undefined ? "audio" : "video"}/${container}`,
    width: filtered?.size.width ?? 0,
  };
}

/** The quality as each encoder counts it (docs/protocol/transformations.md §7). */
function videoOptions(codec: VideoCodec, quality: number): readonly string[] {
  const crf = String(
    codec === "h264" ? clamp(Math.round(45 - 0.34 * quality), 12, 45) : Math.round(60 - 0.5 * quality),
  );
  switch (codec) {
    case "h264":
      return ["-c:v", "libx264", "-preset", "veryfast", "-crf", crf, "-profile:v", "high"];
    case "vp9":
      return ["-c:v", "libvpx-vp9", "-crf", crf, "-b:v", "0", "-row-mt", "1", "-cpu-used", "4", "-deadline", "good"];
    case "av1":
      return ["-c:v", "libsvtav1", "-crf", crf, "-preset", "9"];
  }
}

const soundOptions: Readonly<Record<AudioCodec, readonly string[]>> = {
  aac: ["-c:a", "aac", "-b:a", "128k", "-ac", "2"],
  opus: ["-c:a", "libopus", "-b:a", "96k", "-ac", "2"],
};

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
