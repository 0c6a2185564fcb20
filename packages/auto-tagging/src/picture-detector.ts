import { Worker } from "node:worker_threads";
import type { DetectorReply, DetectorTask } from "./detector-thread.ts";
import type { FoundFace, FoundObject } from "./found.ts";
import { type ObjectTag, objectsOfRows, tagsOfRows } from "./object-rows.ts";

/** The side of the square picture in which objects are looked for, in pixels. */
export const inputSize = 512;

/** A picture in which faces are looked for. A side of 640 pixels is enough for all faces that the model finds. */
export interface RgbPicture {
  /** Three bytes for each pixel. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Runs the look at a picture, once its turn has come. A caller that counts the time of a look, without the wait for other
 * pictures, counts it here.
 */
export type InTurn = <Result>(look: () => Promise<Result>) => Promise<Result>;

/** The longest side of a picture in which faces are looked for, in pixels. */
const maxFaceSide = 1024;

export interface PictureDetectorOptions {
  /** The model's thread ends after this idle time. The next picture then waits for a new thread. */
  readonly idleMs?: number;
  /** The thread is ended if a picture takes longer than this. */
  readonly pictureMs?: number;
}

/**
 * Finds objects and faces in pictures with models that run on this machine. The models have one thread, which takes one
 * picture at a time, because one picture uses a core to the full for half a second or longer. The thread takes 100 to
 * 200 MB while it exists. How long a picture takes doesn't depend on what it shows.
 */
export class PictureDetector {
  readonly #idleMs: number;
  readonly #pictureMs: number;
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Settles when the previous picture is done. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ idleMs = 60_000, pictureMs = 30_000 }: PictureDetectorOptions = {}) {
    this.#idleMs = idleMs;
    this.#pictureMs = pictureMs;
  }

  /**
   * @param pixels RGB, `inputSize` by `inputSize`
   * @returns each kind of object that was found, the most confident first, however low its confidence
   * @throws the signal's reason, at once. A picture that is being processed is finished all the same: with many
   * pictures waiting, none would ever be done if each were given up in the middle
   */
  async tag(pixels: Uint8Array, signal: AbortSignal): Promise<ObjectTag[]> {
    return tagsOfRows(await this.#findObjects(pixels, signal));
  }

  /**
   * @param pixels RGB, `inputSize` by `inputSize`: the whole picture, squeezed
   * @returns the objects that are likely there, with their places in the picture, the most confident first
   * @throws as `tag` does
   */
  async objects(pixels: Uint8Array, signal: AbortSignal, inTurn?: InTurn): Promise<FoundObject[]> {
    return objectsOfRows(await this.#findObjects(pixels, signal, inTurn), inputSize);
  }

  /**
   * @param picture the whole picture, in its own proportions
   * @returns the faces that are likely there, the most confident first
   * @throws as `tag` does
   */
  async faces({ data, width, height }: RgbPicture, signal: AbortSignal, inTurn?: InTurn): Promise<FoundFace[]> {
    if (Math.max(width, height) > maxFaceSide) throw new RangeError(`a side has at most ${maxFaceSide} pixels`);
    refuseLength(data, width * height);
    const reply = await this.#ask({ kind: "faces", pixels: data, width, height }, signal, inTurn);
    return "faces" in reply ? reply.faces : [];
  }

  /** Pictures that are still waiting are rejected with an error. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#endThread();
  }

  async #findObjects(pixels: Uint8Array, signal: AbortSignal, inTurn?: InTurn): Promise<number[][]> {
    refuseLength(pixels, inputSize * inputSize);
    const reply = await this.#ask({ kind: "objects", pixels }, signal, inTurn);
    return "objects" in reply ? reply.objects : [];
  }

  #ask(task: DetectorTask, signal: AbortSignal, inTurn: InTurn = (look) => look()): Promise<DetectorReply> {
    const before = this.#turn;
    const mine = before.then(() => inTurn(() => this.#look(task, signal)));
    this.#turn = mine.catch(() => undefined);
    return untilAborted(mine, signal);
  }

  async #look(task: DetectorTask, signal: AbortSignal): Promise<DetectorReply> {
    signal.throwIfAborted();
    if (this.#closed) throw new Error("the picture detector is closed");
    clearTimeout(this.#idle);
    this.#thread ??= this.#startThread();
    const thread = this.#thread;
    const reply = Promise.withResolvers<DetectorReply>();
    const limit = setTimeout(() => reply.reject(new Error("the picture took too long")), this.#pictureMs);
    const exit = () => reply.reject(new Error("the models' thread has ended"));
    thread.once("message", reply.resolve).once("error", reply.reject).once("exit", exit);
    try {
      thread.postMessage(task);
      const answer = await reply.promise;
      if ("failed" in answer) throw new Error(`the model failed: ${answer.failed}`);
      this.#idle = setTimeout(() => void this.#endThread(), this.#idleMs).unref();
      return answer;
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
    // A thread that ends between two pictures would never answer the next one.
    thread.once("exit", () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    thread.unref();
    return thread;
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}

function refuseLength(pixels: Uint8Array, count: number): void {
  const expected = count * 3;
  if (pixels.length !== expected) throw new RangeError(`a picture has ${expected} bytes, not ${pixels.length}`);
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
