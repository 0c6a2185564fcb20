import { Worker } from "node:worker_threads";
import type { DetectorReply, DetectorTask } from "./detector-thread.ts";
import { type ObjectTag, tagsOfDetections } from "./tags-of-detections.ts";

/** The side of the square input picture, in pixels. */
export const inputSize = 512;

export interface ObjectTaggerOptions {
  /** The model's thread ends after this idle time. The next picture then waits for a new thread. */
  readonly idleMs?: number;
  /** The thread is ended if a picture takes longer than this. */
  readonly pictureMs?: number;
}

/**
 * Tags the objects in pictures with a model that runs on this machine. The model has a thread of its own and takes one
 * picture at a time, because one picture uses a core to the full for about half a second. The thread takes some 100 MB
 * while it exists.
 */
export class ObjectTagger {
  readonly #idleMs: number;
  readonly #pictureMs: number;
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Settles when the previous picture is done. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ idleMs = 60_000, pictureMs = 30_000 }: ObjectTaggerOptions = {}) {
    this.#idleMs = idleMs;
    this.#pictureMs = pictureMs;
  }

  /**
   * @param pixels RGB, `inputSize` by `inputSize`
   * @returns the objects found, the most confident first, however low their confidence
   * @throws the signal's reason, at once. A picture that is being processed is finished all the same: with many
   * pictures waiting, none would ever be done if each were given up in the middle
   */
  async tag(pixels: Uint8Array, signal: AbortSignal): Promise<ObjectTag[]> {
    const expected = inputSize * inputSize * 3;
    if (pixels.length !== expected) throw new RangeError(`a picture has ${expected} bytes, not ${pixels.length}`);
    const before = this.#turn;
    const mine = before.then(() => this.#look(pixels, signal));
    this.#turn = mine.catch(() => undefined);
    return untilAborted(mine, signal);
  }

  /** Pictures that are still waiting are rejected with an error. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#endThread();
  }

  async #look(pixels: Uint8Array, signal: AbortSignal): Promise<ObjectTag[]> {
    signal.throwIfAborted();
    if (this.#closed) throw new Error("the object tagger is closed");
    clearTimeout(this.#idle);
    this.#thread ??= this.#startThread();
    const thread = this.#thread;
    const reply = Promise.withResolvers<DetectorReply>();
    const limit = setTimeout(() => reply.reject(new Error("the picture took too long")), this.#pictureMs);
    const exit = () => reply.reject(new Error("the object model's thread has ended"));
    thread.once("message", reply.resolve).once("error", reply.reject).once("exit", exit);
    try {
      thread.postMessage({ pixels } satisfies DetectorTask);
      const answer = await reply.promise;
      if ("failed" in answer) throw new Error(`the object model failed: ${answer.failed}`);
      this.#idle = setTimeout(() => void this.#endThread(), this.#idleMs).unref();
      return tagsOfDetections(answer.rows);
    } catch (error) {
      // The thread's current work can't be cancelled, and a thread that has failed is not trusted with another picture.
      await this.#endThread();
      throw error;
    } finally {
      thread.off("message", reply.resolve).off("error", reply.reject).off("exit", exit);
      clearTimeout(limit);
    }
  }

  #startThread(): Worker {
    const thread = new Worker(new URL(`./detector-thread${moduleExtension}`, import.meta.url), threadOptions);
    // Without a listener, an error of a thread that no caller waits for any more would end the process.
    thread.on("error", () => undefined);
    thread.unref();
    return thread;
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}

async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    aborted.promise.catch(() => undefined);
  }
}

const moduleExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** The thread gets neither the environment variables nor the arguments of the process: a model needs none of them. */
const threadOptions = { env: {}, execArgv: [], stdout: true, stderr: true };
