import { BoundedQueue } from "../../concurrency/bounded-queue.ts";
import type { Party } from "../../concurrency/fair-line.ts";
import type { Limits } from "../../config/limits.ts";
import { refuseBusy } from "../image/refuse-busy.ts";
import { MediaError } from "../media-error.ts";
import { runTool, type ToolBounds } from "../processes/run-tool.ts";
import { SandboxProbe } from "../processes/sandbox.ts";
import { ScratchFolder } from "../processes/scratch-folder.ts";
import { type Ffmpeg, findFfmpeg, type NoFfmpeg } from "./ffmpeg.ts";
import { openLocally, type VideoSource } from "./open-locally.ts";
import { type ProbedFacts, readProbe } from "./probed-facts.ts";
import { asInput, safely } from "./reading.ts";

export interface VideoTaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly party?: Party | undefined;
}

/** A still of a video, as it is displayed. */
export interface Still {
  readonly data: Buffer;
  readonly contentType: "image/jpeg";
}

/** Reads videos and sounds, in processes that are ended when their time or memory is used up. */
export interface VideoEngine {
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
  close(): Promise<void>;
}

export interface VideoEngineOptions {
  /** `auto`, `off`, or the path of `ffmpeg`. */
  readonly ffmpeg: string;
  readonly limits: Pick<Limits, "imagePixels" | "imageBytes" | "imagesWaiting" | "imagesWaitMs">;
}

const mebibyte = 1024 * 1024;
/** Each takes a few tenths of a second on a quiet machine. A busy one gets patience. */
const probeBounds: ToolBounds = { milliseconds: 8000, memoryBytes: 400 * mebibyte, outputBytes: mebibyte };
const stillMs = 15_000;
const stillBytes = 1024 * mebibyte;
/** The facts and stills that are taken at once. */
const concurrency = 2;

export function openVideoEngine({ ffmpeg: setting, limits }: VideoEngineOptions): VideoEngine {
  const sandbox = new SandboxProbe();
  const scratch = new ScratchFolder();
  const queue = new BoundedQueue({
    concurrency,
    queueLimit: limits.imagesWaiting,
    waitMs: limits.imagesWaitMs,
  });
  let found: Promise<Ffmpeg | NoFfmpeg> | undefined;
  const program = (): Promise<Ffmpeg | NoFfmpeg> => {
    found ??= findFfmpeg(setting);
    return found;
  };
  const run = async (
    file: VideoSource,
    tool: { readonly program: string; readonly arguments: readonly string[]; readonly bounds: ToolBounds },
    { signal, party }: VideoTaskOptions,
  ) => {
    const work = async (stop: AbortSignal) => {
      const opened = await openLocally(file, scratch, stop);
      try {
        return await runTool({ ...tool, files: [opened.fd] }, await sandbox.find(), stop);
      } finally {
        await opened.close();
      }
    };
    return queue.run(work, signal, party).catch(refuseBusy);
  };
  return {
    program,
    async probe(file, options) {
      const programs = await program();
      if ("missing" in programs) return undefined;
      const args = ["-v", "error", ...safely, "-show_format", "-show_streams", "-of", "json", ...asInput];
      try {
        const end = await run(file, { program: programs.ffprobe, arguments: args, bounds: probeBounds }, options);
        return end.code === 0 ? readProbe(end.output.toString("utf8")) : undefined;
      } catch (error) {
        if (error instanceof MediaError && error.code !== "EBUSY") return undefined;
        throw error;
      }
    },
    async still(file, at, options) {
      const programs = await program();
      if ("missing" in programs) throw new MediaError("EFFMPEG", programs.missing);
      const bounds = { milliseconds: stillMs, memoryBytes: stillBytes, outputBytes: limits.imageBytes };
      const args = [...stillArguments(at, limits.imagePixels)];
      const { output, code } = await run(file, { program: programs.ffmpeg, arguments: args, bounds }, options);
      if (code !== 0) throw new MediaError("EINVALID", "The video can't be read");
      // Behind the last picture there is none.
      if (output.length === 0) throw new MediaError("ETRANSFORMATION", `The video has no picture at ${at} s`);
      return { data: output, contentType: "image/jpeg" };
    },
    async close() {
      await queue.close();
      await scratch.close();
    },
  };
}

/** The time is looked for before the file is decoded, so that any of a long video takes as long. */
function stillArguments(at: number, maxPixels: number): string[] {
  return [
    ...["-nostdin", "-v", "error", "-threads", "2", ...safely, "-max_pixels", String(maxPixels)],
    ...["-ss", String(at), ...asInput],
    ...["-map", "0:v:0", "-frames:v", "1"],
    // Pixels that aren't square are stretched to what is displayed.
    ...["-vf", "scale=w='max(1,trunc(iw*sar))':h=ih,setsar=1"],
    ...["-f", "image2pipe", "-c:v", "mjpeg", "-pix_fmt", "yuvj444p", "-q:v", "1", "pipe:1"],
  ];
}
