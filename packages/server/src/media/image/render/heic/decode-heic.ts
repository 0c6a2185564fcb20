import { Worker } from "node:worker_threads";
import { MediaError } from "../../../media-error.ts";
import type { Frames } from "../../pixels/frames.ts";
import type { Work } from "../../pixels/work.ts";
import type { SourceLimits } from "../read-source.ts";
import type { HeicThreadData, HeicThreadReply } from "./heic-thread.ts";

/**
 * Decodes a picture of a HEIC file as it is displayed. sharp's libraries have no decoder for HEVC. This decoder is
 * WASM in a thread of its own, which can be stopped at any moment.
 * @param page the picture, counted from 0; undefined for the main picture
 * @throws MediaError EINVALID, ELIMIT, ETIME, or EBUSY where no thread can be started; the signal's reason
 */
export async function decodeHeic(
  bytes: Buffer,
  limits: SourceLimits,
  work: Work,
  page: number | undefined = undefined,
): Promise<Frames> {
  work.check();
  const thread = startThread({ bytes, page, maxPixels: limits.pixels, maxMemoryBytes: limits.memoryBytes });
  const time = AbortSignal.timeout(Math.max(1, Math.ceil(work.left())));
  const end = AbortSignal.any([work.signal, time]);
  const { promise: reply, resolve, reject } = Promise.withResolvers<HeicThreadReply>();
  const stop = (): void => reject(end.reason);
  end.addEventListener("abort", stop, { once: true });
  // The listener stays for as long as the thread lives. An error of a thread that nobody listens to would end the
  // process.
  thread.on("error", reject);
  thread.once("message", resolve);
  thread.once("exit", () => reject(new Error("The decoder has ended without an answer")));
  try {
    return framesOf(await reply);
  } catch (error) {
    work.check();
    if (error instanceof MediaError) throw error;
    if (isThreadless(error)) throw busy(error);
    // The timer may be ahead of the clock that `check` reads.
    if (time.aborted) throw new MediaError("ETIME", "The image took too long to decode", { cause: error });
    throw new MediaError("EINVALID", "The image cannot be decoded", { cause: error });
  } finally {
    end.removeEventListener("abort", stop);
    await thread.terminate();
  }
}

function startThread(workerData: HeicThreadData): Worker {
  try {
    return new Worker(new URL(`./heic-thread${moduleExtension}`, import.meta.url), { workerData, ...threadOptions });
  } catch (error) {
    throw isThreadless(error) ? busy(error) : error;
  }
}

/**
 * Whether the system gave no thread, or not what a thread needs. Node says so at once, or as an error of the thread.
 */
function isThreadless(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_INIT_FAILED";
}

function busy(cause: unknown): MediaError {
  return new MediaError("EBUSY", "There is no thread to decode in", { cause });
}

function framesOf(reply: HeicThreadReply): Frames {
  if ("failed" in reply) {
    throw reply.failed === "size"
      ? new MediaError("ELIMIT", "The image has more pixels, or takes more memory, than this server works with")
      : new MediaError("EINVALID", "The image cannot be decoded");
  }
  const { pixels, width, height } = reply;
  return { data: Buffer.from(pixels.buffer), width, height, channels: 4, count: 1 };
}

const moduleExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** The thread gets no environment variables and no arguments of the process. A decoder needs neither. */
const threadOptions = { env: {}, execArgv: [], stdout: true, stderr: true };
