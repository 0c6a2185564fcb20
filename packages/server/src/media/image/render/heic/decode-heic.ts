import { Worker } from "node:worker_threads";
import { MediaError } from "../../../media-error.ts";
import type { Frames } from "../../pixels/frames.ts";
import type { Work } from "../../pixels/work.ts";
import type { SourceLimits } from "../read-source.ts";
import type { HeicThreadData, HeicThreadReply } from "./heic-thread.ts";

/**
 * A picture of a HEIC file, as it is displayed. sharp's libraries have no decoder for HEVC; this one is WASM in a
 * thread of its own, which can be stopped at any moment.
 * @param page which of them, from 0 on; the main one without it
 * @throws MediaError EINVALID, ELIMIT, ETIME, or EBUSY where no thread can be started; the signal's reason
 */
export async function decodeHeic(
  bytes: Buffer,
  limits: SourceLimits,
  work: Work,
  page: number | undefined = undefined,
): Promise<Frames> {
  work.check();
  const thread = startThread({ bytes, page, mostPixels: limits.pixels, mostMemory: limits.memoryBytes });
  const time = AbortSignal.timeout(Math.max(1, Math.ceil(work.left())));
  const end = AbortSignal.any([work.signal, time]);
  const { promise: reply, resolve, reject } = Promise.withResolvers<HeicThreadReply>();
  const stop = (): void => reject(end.reason);
  end.addEventListener("abort", stop, { once: true });
  // Listened to for as long as there is a thread: an error of one that nobody waits for any more would end the process.
  thread.on("error", reject);
  thread.once("message", resolve);
  thread.once("exit", () => reject(new Error("The decoder has ended without an answer")));
  try {
    return framesOf(await reply);
  } catch (error) {
    work.check();
    if (error instanceof MediaError) throw error;
    if (isThreadless(error)) throw busy(error);
    // A timer may be ahead of the clock that the check looks at.
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

/** The system gives no thread, or not what one needs: said at once, or in the thread's name. */
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

/** No variables and no arguments of the process: neither has anything for a decoder. */
const threadOptions = { env: {}, execArgv: [], stdout: true, stderr: true };
