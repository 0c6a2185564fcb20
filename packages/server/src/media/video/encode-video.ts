import { layerFilesIn, type Transformation } from "@sluice/grammar";
import type { Party } from "../../concurrency/fair-line.ts";
import type { Limits } from "../../config/limits.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { undecodableLayer } from "../image/plan/layer-steps.ts";
import { MediaError } from "../media-error.ts";
import { niceness } from "../processes/give-way.ts";
import type { ToolEnd, ToolTask } from "../processes/run-tool.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import { type LayerSupplies, nothingDraws, type SuppliedFiles, withFurtherFiles } from "./further-files.ts";
import type { VideoSource } from "./open-locally.ts";
import { type Encoded, planEncode } from "./plan-encode.ts";
import type { ProbedFacts } from "./probed-facts.ts";
import { asInput, safely } from "./reading.ts";
import type { VideoLimits } from "./video-filters.ts";

/** Who waits for a task, and how it is ranked. */
export interface VideoTaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly party?: Party | undefined;
  /** The name under which it is remembered that the task has used up its own time or memory. */
  readonly key?: string;
  /** Whether everything else that wants the processor goes first. */
  readonly isBehindOthers?: boolean;
}

export interface EncodeTask {
  readonly transformation: Transformation;
  /** The frames of an animated picture, which has the bounds of pictures. */
  readonly frames?: number | undefined;
  /** Finds and draws what lies on the video. */
  readonly layers?: LayerSupplies;
  /** The path of the file that is written. It isn't there yet. */
  readonly target: string;
  /** The bytes that it may have. */
  readonly maxBytes?: number;
  /** Is told how much is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What an encode needs of its engine. */
interface EncodeTools {
  readonly programs: Ffmpeg;
  readonly limits: Pick<Limits, "imagePixels" | "imageFrames" | "animationPixels" | "derivedBytes">;
  readonly videoLimits: VideoLimits;
  probe(file: VideoSource, options: VideoTaskOptions): Promise<ProbedFacts | undefined>;
  /** Runs FFmpeg with these files, of which the first is the video. */
  runNow(
    files: readonly [VideoSource, ...VideoSource[]],
    tool: Omit<ToolTask, "files">,
    stop: AbortSignal,
  ): Promise<ToolEnd>;
}

const mebibyte = 1024 * 1024;
/** An encode of an hour of video takes about that long at worst. */
const encodeMs = 2 * 3600_000;
const encodeBytes = 2048 * mebibyte;
const maxEncodedBytes = 16 * 1024 * mebibyte;

/**
 * Writes what the transformation asks of a video into a new file. It is the encode's turn, so that neither a copy nor a
 * drawn layer waits for it.
 * @returns the facts of what was written
 * @throws MediaError EINVALID, ELIMIT, ETIME, ETRANSFORMATION, ELAYER, EFONTS, EFFMPEG, EBUSY; StorageError STORAGE_FULL;
 *   the signal's reason
 */
export async function encodeVideo(
  tools: EncodeTools,
  file: VideoSource,
  task: EncodeTask,
  options: VideoTaskOptions & { readonly signal: AbortSignal },
): Promise<Encoded> {
  const { programs, limits, videoLimits } = tools;
  const { transformation, target, maxBytes = limits.derivedBytes / 2, layers, onProgress } = task;
  assertCanMake(programs, transformation);
  const facts = await probeFilm(tools, file, task.frames, options);
  if (facts === undefined) throw new MediaError("EINVALID", "The video can't be read");
  const films = new Map<string, ProbedFacts>();
  for (const path of layerFilesIn(transformation).videos) {
    if (layers === undefined) throw nothingDraws();
    const { source, frames } = layers.video(path);
    const told = await probeFilm(tools, source, frames, options);
    if (told === undefined) throw new MediaError("ELAYER", undecodableLayer(path));
    films.set(path, told);
  }
  const planned = planEncode(transformation, { facts, layers: films }, videoLimits);
  const onLine = (line: string): void => {
    const done = /^out_time_us=(\d+)$/.exec(line)?.[1];
    if (done === undefined || planned.seconds <= 0) return;
    onProgress?.(Math.min(1, Number(done) / 1e6 / planned.seconds));
  };
  const { signal } = options;
  const use = (further: SuppliedFiles) => {
    const args = [
      ...["-nostdin", "-v", "error", "-progress", "pipe:1", "-nostats", "-threads", "2", ...safely],
      ...["-max_pixels", String(limits.imagePixels), ...planned.before, ...asInput, ...further.inputs],
      ...[...planned.after, "-y", `file:${target}`],
    ];
    const tool = {
      ...{
        program: programs.ffmpeg,
        arguments: args,
        environment: further.environment,
        niceness: niceness.job,
        onLine,
      },
      bounds: { milliseconds: encodeMs, memoryBytes: encodeBytes, outputBytes: mebibyte },
      // One video doesn't push out all others.
      target: { path: target, bytes: Math.min(maxEncodedBytes, maxBytes) },
    };
    return tools.runNow([file, ...further.sources], tool, signal);
  };
  const planning = { files: planned.files, maxPixels: limits.imagePixels };
  const { code, said } = await withFurtherFiles(planning, layers, signal, use);
  if (code !== 0 && /No space left on device/.test(said)) throw new StorageError("STORAGE_FULL", "No room for a video");
  if (code !== 0) throw new MediaError("EINVALID", "The video can't be encoded", { cause: new Error(said) });
  return { contentType: planned.contentType, width: planned.width };
}

/** @throws MediaError EFFMPEG for what only FFmpeg itself can make, where there is `@sluice/video` */
export function assertCanMake({ name, unsupportedCode }: Ffmpeg, transformation: Transformation): void {
  if (unsupportedCode === undefined || layerFilesIn(transformation).videos.size === 0) return;
  throw new MediaError("EFFMPEG", `${name} can't lay videos on videos, which needs FFmpeg`);
}

/** @throws MediaError ELIMIT for an animation with too many frames, EBUSY; the signal's reason */
async function probeFilm(
  { limits, probe }: EncodeTools,
  film: VideoSource,
  frames: number | undefined,
  options: VideoTaskOptions,
): Promise<ProbedFacts | undefined> {
  const facts = await probe(film, options);
  if (facts !== undefined && frames !== undefined) refuseManyFrames(frames, facts, limits);
  return facts;
}

/** @throws MediaError ELIMIT */
function refuseManyFrames(
  frames: number,
  { width = 0, height = 0 }: ProbedFacts,
  { imageFrames, animationPixels }: Pick<Limits, "imageFrames" | "animationPixels">,
): void {
  if (frames > imageFrames || frames * width * height > animationPixels) {
    throw new MediaError("ELIMIT", "The animation is larger than those of which pictures are made");
  }
}
