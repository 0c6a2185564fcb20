import { Worker } from "node:worker_threads";
import type { DetectorReply, DetectorTask } from "./detector-thread.ts";
import { type ObjectTag, tagsOfDetections } from "./tags-of-detections.ts";

/** The side of the square picture that is looked at, in pixels. */
export const inputSize = 512;

export interface ObjectTaggerOptions {
  /** The model's thread ends when nobody has asked for so long; the next who asks waits for another. */
  readonly idleMs?: number;
  /** A picture that takes longer costs its thread. */
  readonly pictureMs?: number;
}

/**
 * Tells what pictures show, by an object model that runs on this machine: in a thread of its own, one picture at a time,
 * since one uses a core to the full for about half a second. The thread takes some 100 MB while there is one.
 */
export class ObjectTagger {
  readonly #idleMs: number;
  readonly #pictureMs: number;
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Settles when the picture before has been looked at. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ idleMs = 60_000, pictureMs = 30_000 }: ObjectTaggerOptions = {}) {
    this.#idleMs = idleMs;
    this.#pictureMs = pictureMs;
  }

  /**
   * @param pixels RGB, `inputSize` by `inputSize`
   * @returns what is seen, the surest first, however unsure
   * @throws the signal's reason, at once. A picture under way is finished all the same: where many are waited for, none
   *   would ever be done if each were given up in the middle
   */
  async tag(pixels: Uint8Array, signal: AbortSignal): Promise<ObjectTag[]> {
    const expected = inputSize * inputSize * 3;
    if (pixels.length !== expected) throw new RangeError(`a picture has ${expected} bytes, not ${pixels.length}`);
    const before = this.#turn;
    const mine = before.then(() => this.#look(pixels, signal));
    this.#turn = mine.catch(() => undefined);
    return untilAborted(mine, signal);
  }

  /** Whoever waits is told so. */
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
      // What it is at can't be called back, and one that has failed is not to be trusted with another picture.
      await this.#endThread();
      throw error;
    } finally {
      thread.off("message", reply.resolve).off("error", reply.reject).off("exit", exit);
      clearTimeout(limit);
    }
  }

  #startThread(): Worker {
    const thread = new Worker(new URL(`./detector-thread${moduleExtension}`, import.meta.url), threadOptions);
    // An error of one that nobody waits for any more would end the process.
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

/** No variables and no arguments of the process: neither has anything for a model. */
const threadOptions = { env: {}, execArgv: [], stdout: true, stderr: true };
