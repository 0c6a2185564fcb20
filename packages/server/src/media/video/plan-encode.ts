import type { ParameterStep, Transformation } from "@sluice/grammar";
import type { FurtherFile } from "./filter-graph.ts";
import { planPictures } from "./plan-pictures.ts";
import { decideConditions, type Films, filmFacts, type Sound } from "./planning.ts";
import type { ProbedFacts } from "./probed-facts.ts";
import type { VideoLimits } from "./video-filters.ts";
import {
  type AudioCodec,
  invalid,
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
  /** What is read besides the video. */
  readonly files: readonly FurtherFile[];
}

/** What is known of a video, and of those that layers lay on it. */
export interface KnownFilms {
  readonly facts: ProbedFacts;
  /** The facts of each video that a layer shows, by its path. */
  readonly layers: ReadonlyMap<string, ProbedFacts>;
}

/**
 * Refuses what can be known to be wrong before a video is read. Where the uploads have told their facts, that is all.
 * @returns how the video will be written
 * @throws MediaError ETRANSFORMATION, ELIMIT, ELAYER; TransformationError
 */
export function checkVideo(transformation: Transformation, known: KnownFilms, limits: VideoLimits): VideoOutput {
  const { facts } = known;
  const steps = decidedSteps(transformation, facts, limits);
  const whole = wholeOf({ steps });
  const { duration: initial } = facts;
  const base = secondsIn(readSpan(whole, initial), initial);
  for (const { kind, placement } of steps.flatMap(({ layers }) => layers)) {
    if (kind !== "video") readLayerSpan(placement, { initial, base });
  }
  const output = readVideoOutput(whole);
  const isTold = ({ videoCodec, width, height }: ProbedFacts): boolean =>
    videoCodec !== undefined && width !== undefined && height !== undefined;
  if ([facts, ...known.layers.values()].every(isTold)) planEncode(transformation, known, limits);
  return output;
}

/** The steps of a transformation once its conditions are decided. @throws MediaError ETRANSFORMATION; TransformationError */
function decidedSteps(
  transformation: Transformation,
  { width, height }: ProbedFacts,
  limits: VideoLimits,
): readonly ParameterStep[] {
  refuseForVideo(transformation);
  const { steps } = transformation;
  const plain = steps.filter((step) => step.kind === "parameters");
  if (plain.length === steps.length) return plain;
  if (width === undefined || height === undefined) {
    throw invalid("Conditions need the size of the video, which was not read when it was uploaded.");
  }
  return decideConditions(steps, { initial: { width, height } }, limits);
}

/** The seconds that a part takes, as far as they are known. */
function secondsIn({ start, duration }: Span, total: number | undefined): number | undefined {
  return duration ?? (total === undefined ? undefined : total - start);
}

/**
 * Plans the encode of a video.
 * @throws MediaError ETRANSFORMATION, ELIMIT, ELAYER; TransformationError
 */
export function planEncode(transformation: Transformation, known: KnownFilms, limits: VideoLimits): PlannedEncode {
  const steps = decidedSteps(transformation, known.facts, limits);
  const { container, video, audio, quality } = readVideoOutput(wholeOf({ steps }));
  const { size, duration, hasSound: isHeard } = filmFacts(known.facts);
  const span = readSpan(wholeOf({ steps }), duration);
  const { start, duration: length } = span;
  const seconds = secondsIn(span, duration);
  const hasPicture = video !== undefined && size !== undefined;
  if (!hasPicture && !(audio !== undefined && isHeard)) throw invalid("The file has nothing of what is asked for.");
  const films: Films = new Map([...known.layers].map(([path, facts]) => [path, filmFacts(facts)]));
  const base = { duration, start, seconds, shownAt: 0, isMute: audio === undefined };
  const pictures = hasPicture ? planPictures(steps, { ...base, initial: size }, films, limits) : undefined;
  const sound = audio === undefined ? undefined : mixed(isHeard, pictures?.sounds ?? []);
  const filters = [pictures?.filters, sound?.filters].filter(Boolean).join(";");
  const time = (at: number): string => at.toFixed(6);
  return {
    before: start > 0 ? ["-ss", time(start)] : [],
    after: [
      ...(length === undefined ? [] : ["-t", time(length)]),
      ...(filters === "" ? [] : ["-filter_complex", filters]),
      ...(pictures === undefined ? ["-vn"] : ["-map", "[v]", ...videoOptions(video ?? "h264", quality)]),
      ...(audio === undefined || sound === undefined ? ["-an"] : ["-map", sound.from, ...soundOptions[audio]]),
      // Neither places nor names go with the result.
      ...["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"],
      ...(container === "mp4" ? ["-movflags", "+faststart", "-f", "mp4"] : ["-f", "webm"]),
    ],
    seconds: seconds ?? 0,
    files: pictures?.files ?? [],
    contentType: `${pictures === undefined ? "audio" : "video"}/${container}`,
    width: pictures?.size.width ?? 0,
  };
}

/** Mixes the sounds of layers with that of the video, each as loud as it is. */
function mixed(
  isHeard: boolean,
  sounds: readonly Sound[],
): { readonly filters?: string; readonly from: string } | undefined {
  const own = "0:a:0";
  if (sounds.length === 0) return isHeard ? { from: own } : undefined;
  // A sound that begins late begins with silence, so that all of them begin together.
  const filled = "aresample=async=1:first_pts=0";
  const all = [
    ...(isHeard ? [`[${own}]${filled}`] : []),
    ...sounds.map(({ input, delay }) => `[${input}:a:0]${filled},adelay=delays=${Math.round(delay * 1000)}:all=1`),
  ];
  const names = all.map((_, index) => `[s${index}]`);
  const mix = `${names.join("")}amix=inputs=${all.length}:duration=longest:normalize=0[a]`;
  return { filters: [...all.map((chain, index) => `${chain}${names[index]}`), mix].join(";"), from: "[a]" };
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
