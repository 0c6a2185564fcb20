import type { FileHandle } from "node:fs/promises";
import { FairQueue } from "../../concurrency/fair-queue.ts";
import type { Limits } from "../../config/limits.ts";
import { refuseBusy } from "../image/refuse-busy.ts";
import { MediaError } from "../media-error.ts";
import { ExhaustedWork } from "../processes/exhausted-work.ts";
import { niceness } from "../processes/give-way.ts";
import { runTool, type ToolBounds, type ToolEnd, type ToolTask } from "../processes/run-tool.ts";
import { SandboxProbe } from "../processes/sandbox.ts";
import { ScratchFolder } from "../processes/scratch-folder.ts";
import type { VideoTaskOptions } from "./encode-video.ts";
import { type EncodeTask, encodeVideo } from "./encode-video.ts";
import type { Ffmpeg, NoFfmpeg } from "./ffmpeg.ts";
import { rememberFfmpeg } from "./find-ffmpeg.ts";
import { openLocally, type VideoSource, withLocalFile } from "./open-locally.ts";
import type { Encoded } from "./plan-encode.ts";
import { type Sprite, spriteArguments } from "./plan-sprite.ts";
import { coverArguments, stillArguments, waveformArguments } from "./plan-still.ts";
import { type ProbedFacts, readProbe } from "./probed-facts.ts";
import { asInput, refusedCodec, safely } from "./reading.ts";
import { hasHeadAndTail, withSparseCopy } from "./sparse-copy.ts";
import type { VideoLimits } from "./video-filters.ts";

/** A still of a video, as it is displayed. */
export interface Still {
  readonly data: Buffer;
  readonly contentType: "image/jpeg";
}

/** Reads videos and sounds, in processes that are ended when their time or memory is used up. */
export interface VideoEngine {
  /** The bounds of videos that are made. */
  readonly limits: VideoLimits;
  /** What reads them, or why nothing does. */
  program(): Promise<Ffmpeg | NoFfmpeg>;
  /**
   * Finds what a file says of itself.
   * @returns undefined for a file that can't be read within its bounds, and where there is no program
   * @throws MediaError EBUSY; the signal's reason
   */
  probe(file: VideoSource, options: VideoTaskOptions): Promise<ProbedFacts | undefined>;
  /**
   * Takes the picture that is shown at a time, in seconds.
   * @throws MediaError EINVALID, ELIMIT, ETIME, EFFMPEG, EBUSY; the signal's reason
   */
  still(file: VideoSource, at: number, options: VideoTaskOptions): Promise<Still>;
  /**
   * Takes the cover that is in an audio file, or draws its waveform where it has none that can be read.
   * @throws MediaError EINVALID, ELIMIT, ETIME, EFFMPEG, EBUSY; the signal's reason
   */
  soundStill(file: VideoSource, options: VideoTaskOptions): Promise<Still>;
  /**
   * Takes stills of the whole video, and puts them into one JPEG picture.
   * @throws MediaError EINVALID, ELIMIT, ETIME, EFFMPEG, EBUSY; the signal's reason
   */
  sprite(file: VideoSource, sprite: Sprite, options: VideoTaskOptions): Promise<Still>;
  /**
   * Writes what the transformation asks of a video into a new file.
   * @returns the facts of what was written
   * @throws MediaError EINVALID, ELIMIT, ETIME, ETRANSFORMATION, ELAYER, EFONTS, EFFMPEG, EBUSY; the signal's reason
   */
  encode(file: VideoSource, task: EncodeTask, options: VideoTaskOptions): Promise<Encoded>;
  close(): Promise<void>;
}

export interface VideoEngineOptions {
  /** `auto`, `embedded`, `off`, or the path of `ffmpeg`. */
  readonly ffmpeg: string;
  readonly limits: Pick<
    Limits,
    | "imagePixels"
    | "imageBytes"
    | "imageLayers"
    | "imageFrames"
    | "animationPixels"
    | "imagesWaiting"
    | "imagesWaitMs"
    | "derivedBytes"
    | "encodes"
  >;
}

const mebibyte = 1024 * 1024;
/** Each takes a few tenths of a second on a quiet machine. A busy one gets patience. */
const probeBounds: ToolBounds = {
  milliseconds: 20_000,
  cpuMs: 8000,
  memoryBytes: 400 * mebibyte,
  outputBytes: mebibyte,
};
/** 8K, at 16 to 9. */
const maxVideoPixels = 7680 * 4320;
const stillBytes = 1024 * mebibyte;
const stillBounds = { milliseconds: 20_000, cpuMs: 15_000, memoryBytes: stillBytes };
/** The whole file is read. */
const spriteBounds = { milliseconds: 90_000, cpuMs: 60_000, memoryBytes: stillBytes };
/** The facts and stills that are taken at once, and the sprites. */
const concurrency = 2;
const spritesAtOnce = 1;

export function openVideoEngine({ ffmpeg: setting, limits }: VideoEngineOptions): VideoEngine {
  const exhausted = new ExhaustedWork();
  const sandbox = new SandboxProbe();
  const scratch = new ScratchFolder();
  const waiting = { queueLimit: limits.imagesWaiting, waitMs: limits.imagesWaitMs };
  const queue = new FairQueue({ capacity: concurrency, ...waiting });
  // An upload waits for its facts, whatever stills are asked for meanwhile.
  const probes = new FairQueue({ capacity: concurrency, ...waiting });
  // A sprite takes longer than a still, which people wait for.
  const sprites = new FairQueue({ capacity: spritesAtOnce, ...waiting });
  // A process whose jobs leave encodes to others asks for none.
  const encodes = new FairQueue({ capacity: Math.max(1, limits.encodes), queueLimit: 1000 });
  const program = rememberFfmpeg(setting);
  /** @throws MediaError EFFMPEG where there is no program */
  const needed = async (): Promise<Ffmpeg> => {
    const programs = await program();
    if ("missing" in programs) throw new MediaError("EFFMPEG", programs.missing);
    return programs;
  };
  /** Runs a program now. @throws MediaError; the store's errors; the signal's reason */
  const runNow = async (
    [file, ...more]: readonly [VideoSource, ...VideoSource[]],
    tool: Omit<ToolTask, "files">,
    stop: AbortSignal,
  ) => {
    const opened: FileHandle[] = [];
    try {
      for (const each of [file, ...more]) opened.push(await openLocally(each, scratch, stop));
      const end = await runTool({ ...tool, files: opened.map(({ fd }) => fd) }, await sandbox.find(), stop);
      const { name, unsupportedCode } = await needed();
      if (end.code !== null && end.code === unsupportedCode) {
        throw new MediaError("EFFMPEG", `${name} can't do this: ${end.said.trim()}`);
      }
      return end;
    } catch (error) {
      // The machine was busy, and the file is not at fault.
      if (!(error instanceof MediaError) || error.code !== "ETIME" || error.exhausted) throw error;
      throw new MediaError("EBUSY", "There was no time to read the video", { cause: error });
    } finally {
      await Promise.all(opened.map((each) => each.close()));
    }
  };
  /** Does work when it is its turn. What has used up its own time or memory lately is refused. */
  const inTurn = async <Result>(
    work: (stop: AbortSignal) => Promise<Result>,
    { signal, party, key }: VideoTaskOptions,
    line = queue,
  ): Promise<Result> => {
    exhausted.refuse(key);
    try {
      return await line.run(work, signal, party).catch(refuseBusy);
    } catch (error) {
      exhausted.add(key, error);
      throw error;
    }
  };
  const engine: VideoEngine = {
    limits: videoLimits(limits),
    program,
    async probe(file, options) {
      const programs = await program();
      if ("missing" in programs) return undefined;
      const args = ["-v", "error", ...safely, "-show_format", "-show_streams", "-of", "json", ...asInput];
      try {
        const tool = {
          program: programs.ffprobe,
          arguments: args,
          bounds: probeBounds,
          ...(options.isBehindOthers && { niceness: niceness.job }),
        };
        const read = async (source: VideoSource, stop: AbortSignal) => {
          const { code, output } = await runNow([source], tool, stop);
          return code === 0 ? readProbe(output.toString("utf8")) : undefined;
        };
        const readEnds = (source: VideoSource, stop: AbortSignal) =>
          hasHeadAndTail(source) ? withSparseCopy(source, scratch, stop, (path) => read(path, stop)) : undefined;
        const readAll = async (stop: AbortSignal) => {
          const facts = await readEnds(file, stop);
          return facts?.duration !== undefined ? facts : read(file, stop);
        };
        return await inTurn(readAll, options, probes);
      } catch (error) {
        if (error instanceof MediaError && error.code !== "EBUSY") return undefined;
        throw error;
      }
    },
    async still(file, at, options) {
      const programs = await needed();
      const bounds = { ...stillBounds, outputBytes: limits.imageBytes };
      const args = stillArguments(at, limits.imagePixels);
      const tool = { program: programs.ffmpeg, arguments: args, bounds, niceness: niceness.still };
      const { output, code, said } = await inTurn((stop) => runNow([file], tool, stop), options);
      if (code !== 0) throw unreadable(said);
      // Behind the last picture there is none.
      if (output.length === 0) throw new MediaError("ETRANSFORMATION", `The video has no picture at ${at} s`);
      return { data: output, contentType: "image/jpeg" };
    },
    async soundStill(file, options) {
      const programs = await needed();
      const bounds = { ...stillBounds, outputBytes: limits.imageBytes };
      const take = async (path: string, stop: AbortSignal) => {
        const tool = { program: programs.ffmpeg, bounds, niceness: niceness.still };
        const cover = await runNow([path], { ...tool, arguments: coverArguments(limits.imagePixels) }, stop);
        if (cover.code === 0 && cover.output.length > 0) return cover;
        return runNow([path], { ...tool, arguments: waveformArguments() }, stop);
      };
      const { output, code, said } = await inTurn(
        (stop) => withLocalFile(file, scratch, stop, (path) => take(path, stop)),
        options,
      );
      if (code !== 0 || output.length === 0) throw unreadable(said, "sound");
      return { data: output, contentType: "image/jpeg" };
    },
    async sprite(file, sprite, options) {
      const programs = await needed();
      const bounds = { ...spriteBounds, outputBytes: limits.imageBytes };
      const take = async (taken: Sprite, path: string, stop: AbortSignal): Promise<ToolEnd> => {
        const args = spriteArguments(taken, limits.imagePixels);
        const tool = { program: programs.ffmpeg, arguments: args, bounds, niceness: niceness.job };
        const end = await runNow([path], tool, stop);
        // A lone key frame is shorter than the span of a tile, so FFmpeg ends well and writes nothing.
        if (!taken.isSparse || end.code !== 0 || end.output.length > 0) return end;
        return take({ ...taken, isSparse: false }, path, stop);
      };
      const { output, code, said } = await inTurn(
        (stop) => withLocalFile(file, scratch, stop, (path) => take(sprite, path, stop)),
        options,
        sprites,
      );
      if (code !== 0 || output.length === 0) throw unreadable(said);
      return { data: output, contentType: "image/jpeg" };
    },
    async encode(file, task, options) {
      const tools = { programs: await needed(), limits, videoLimits: engine.limits, probe: engine.probe, runNow };
      const { signal, party } = options;
      const encode = (stop: AbortSignal) =>
        withLocalFile(file, scratch, stop, (path) => encodeVideo(tools, path, task, { ...options, signal: stop }));
      return encodes.run(encode, signal, party).catch(refuseBusy);
    },
    async close() {
      await encodes.close();
      await sprites.close();
      await probes.close();
      await queue.close();
      await scratch.close();
    },
  };
  return engine;
}

function unreadable(said: string, what: "video" | "sound" = "video"): MediaError {
  const codec = refusedCodec(said);
  const why = codec === undefined ? `The ${what} can't be read` : `The ${what} is in ${codec}, which is not read here`;
  return new MediaError("EINVALID", why);
}

/** A video is in memory one picture after the other, so it may be larger than an animation, frame for frame. */
function videoLimits({ imagePixels, imageLayers }: Pick<Limits, "imagePixels" | "imageLayers">): VideoLimits {
  return { pixels: Math.min(imagePixels, maxVideoPixels), layers: imageLayers };
}
