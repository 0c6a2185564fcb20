import {
  evaluateExpression,
  everyStep,
  type Layer,
  type Parameters,
  refuseBeyond,
  type Step,
  type Transformation,
  transformationParameters,
  type VariableValues,
} from "@sluice/grammar";
import { MediaError } from "../media-error.ts";

type Container = "mp4" | "webm";
export type VideoCodec = "h264" | "vp9" | "av1";
export type AudioCodec = "aac" | "opus";

/** How a video is written: what the URL asks, apart from what is done to its pictures. */
export interface VideoOutput {
  readonly container: Container;
  /** Undefined leaves the sound alone. */
  readonly video: VideoCodec | undefined;
  /** Undefined is mute. */
  readonly audio: AudioCodec | undefined;
  /** From 1 to 100. */
  readonly quality: number;
}

/** The part of a video that is asked for, in seconds. */
export interface Span {
  readonly start: number;
  /** Undefined goes to the end. */
  readonly duration: number | undefined;
}

const standardQuality = 50;
const codecs = {
  mp4: { video: ["h264"], audio: ["aac"] },
  webm: { video: ["vp9", "av1"], audio: ["opus"] },
} as const satisfies Record<
  Container,
  { readonly video: readonly VideoCodec[]; readonly audio: readonly AudioCodec[] }
>;

/**
 * Refuses what can't be made of a video, whatever the video is.
 * @throws TransformationError; MediaError ETRANSFORMATION
 */
export function refuseForVideo(transformation: Transformation): void {
  refuseBeyond(transformation, "video", ["T1", "video"]);
  refuseSteps(transformation.steps, true);
}

/** @param onVideo whether the steps are those of a video, and not of a picture that lies on one */
function refuseSteps(steps: readonly Step[], onVideo: boolean): void {
  for (const { parameters, layers } of everyStep(steps)) {
    if (parameters.sr !== undefined) throw invalid("sr is not available for videos.");
    for (const { kind, placement, steps: own } of layers) {
      const plays = kind === "video" || kind === "subtitles";
      if (plays && !onVideo) throw invalid(`l-${kind} lies on videos alone.`);
      if (onVideo && placement.lm !== undefined) throw invalid(`lm-${placement.lm} is not available on videos.`);
      refuseSteps(own, kind === "video");
    }
  }
}

/** The parameters that apply to videos, of all steps. The last one counts in all that concerns the whole result. */
export function wholeOf({ steps }: Pick<Transformation, "steps">): Parameters {
  return Object.assign({}, ...everyStep(steps).map(({ parameters }) => forVideo(parameters)));
}

/** Leaves out the parameters that have no effect on videos, as it is with images and documents. */
export function forVideo(parameters: Parameters): Parameters {
  const known: Readonly<Record<string, { readonly media: readonly string[] }>> = transformationParameters;
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => known[key]?.media.includes("video")));
}

/**
 * Decides container and codecs. Containers hold certain codecs alone (docs/protocol/transformations.md §7).
 * @throws MediaError ETRANSFORMATION
 */
export function readVideoOutput({ f, vc, ac, q = standardQuality }: Parameters): VideoOutput {
  const asked = f === "mp4" || f === "webm" ? f : undefined;
  if (asked === undefined && f !== undefined && f !== "auto") throw invalid(`f-${f} is no format of a video.`);
  const wantsWebm = vc === "vp9" || vc === "av1" || ac === "opus";
  const container = asked ?? (wantsWebm ? "webm" : "mp4");
  const { video: videos, audio: audios } = codecs[container];
  const video = vc === "none" ? undefined : (vc ?? videos[0]);
  const audio = ac === "none" ? undefined : (ac ?? audios[0]);
  const holds = (list: readonly string[], codec: string | undefined): boolean =>
    codec === undefined || list.includes(codec);
  if (!holds(videos, video)) throw invalid(`${container} holds no ${video}: vc is ${videos.join(" or ")} there.`);
  if (!holds(audios, audio)) throw invalid(`${container} holds no ${audio}: ac is ${audios.join(" or ")} there.`);
  if (video === undefined && audio === undefined) throw invalid("vc-none and ac-none together leave nothing.");
  return { container, video, audio, quality: q };
}

type Seconds = Parameters["so"];

/** Works a time out. @throws MediaError ETRANSFORMATION where it gives none */
function secondsOf(name: string, value: Seconds, values: VariableValues): number | undefined {
  if (value === undefined || typeof value === "number") return value;
  const seconds = evaluateExpression(value, values);
  if (seconds === undefined) throw invalid(`${name} can't be worked out: the video doesn't tell how long it takes.`);
  if (seconds < 0) throw invalid(`${name} is ${seconds} s here. It must not be negative.`);
  return seconds;
}

/** The variables that the seconds of a video give. */
function durationsOf(initial: number | undefined, base?: number): VariableValues {
  return { ...(initial !== undefined && { idu: initial }), ...(base !== undefined && { bdu: base }) };
}

/** @throws MediaError ETRANSFORMATION */
function readStart(so: Seconds, total: number | undefined, base?: number): number {
  const start = secondsOf("so", so, durationsOf(total, base)) ?? 0;
  if (total !== undefined && start > 0 && start >= total) {
    throw invalid(`so is ${start} s here, and the video takes ${total} s.`);
  }
  return start;
}

/**
 * The time of the still that a thumbnail's URL asks for, in seconds (docs/protocol/transformations.md §7.1).
 * @param total the seconds that the video takes, where it tells
 * @throws MediaError ETRANSFORMATION
 */
export function readStillTime(transformation: Transformation, total: number | undefined): number {
  return readStart(wholeOf(transformation).so, total);
}

/**
 * Refuses times for the picture of a sound, which shows no moment of it.
 * @throws MediaError ETRANSFORMATION
 */
export function refuseSoundTimes(transformation: Transformation): void {
  const { so, eo, du } = wholeOf(transformation);
  const [name] = Object.entries({ so, eo, du }).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined)
    throw invalid(`${name} has no meaning for a sound: its thumbnail is its cover or its waveform.`);
}

/**
 * Reads the part that is asked for. Of `eo` and `du` together, `eo` counts (docs/protocol/transformations.md §7).
 * @param total the seconds that the video takes, where it tells
 * @param base those of what the video lies on, if it is a layer
 * @throws MediaError ETRANSFORMATION
 */
export function readSpan({ so, eo, du }: Parameters, total: number | undefined, base?: number): Span {
  const values = durationsOf(total, base);
  const [start, end, length] = [readStart(so, total, base), secondsOf("eo", eo, values), secondsOf("du", du, values)];
  const [name, last] = end === undefined ? ["du", length] : ["eo", end];
  if (total !== undefined && last !== undefined && last > total) {
    throw invalid(`${name} is ${last} s here, and the video takes ${total} s.`);
  }
  if (end !== undefined && end <= start) throw invalid(`eo is ${end} s and so is ${start} s: nothing is between them.`);
  const duration = end === undefined ? length : end - start;
  if (duration !== undefined && duration <= 0) throw invalid("du must be more than 0.");
  return { start, duration };
}

/**
 * Reads when a layer is seen, in seconds of the result. Of `leo` and `ldu` together, `leo` counts.
 * @throws MediaError ETRANSFORMATION
 */
export function readLayerSpan(
  { lso, leo, ldu }: Layer["placement"],
  { initial, base }: { readonly initial: number | undefined; readonly base: number | undefined },
): Span {
  const values = durationsOf(initial, base);
  const start = secondsOf("lso", lso, values) ?? 0;
  const [end, length] = [secondsOf("leo", leo, values), secondsOf("ldu", ldu, values)];
  if (end !== undefined && end <= start) {
    throw invalid(`leo is ${end} s and lso is ${start} s: nothing is between them.`);
  }
  return { start, duration: end === undefined ? length : end - start };
}

export function invalid(message: string): MediaError {
  return new MediaError("ETRANSFORMATION", message);
}
