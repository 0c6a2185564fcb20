import type { IncomingMessage } from "node:http";
import { SluiceError } from "@sluice/protocol";
import { Pace } from "./pace.ts";

/** The client went away before its request was complete; nobody is left to be answered. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/** So much of a body may be here before it is asked for: what one read of the socket brings. */
const readAheadBytes = 64 * 1024;

/** So many chunks of a body are remembered to have their memory given back: what a small upload consists of. */
const rememberedChunks = 8;

export interface BodyLimits {
  /** How long nothing may come, and over how long the rate is averaged. */
  readonly stallMs: number;
  /** A body that comes more slowly than this holds its place for longer than it is worth. */
  readonly bytesPerSecond: number;
  /** A time by performance.now(). */
  readonly deadline: number;
}

/**
 * Pulls a request's body chunk by chunk, with back-pressure. Unlike a stream's own iterator it can be left in the
 * middle without destroying the connection, over which a refusal is still to be sent, and it ends bodies that stand
 * still, trickle or take too long. Only the time in which the client kept us waiting counts as its slowness.
 */
export class BodyReader implements AsyncIterator<Buffer>, AsyncIterable<Buffer> {
  readonly #request: IncomingMessage;
  readonly #limits: BodyLimits;
  readonly #arrived: Buffer[] = [];
  #arrivedBytes = 0;
  readonly #memory: ArrayBuffer[] = [];
  #paused = false;
  #wake: (() => void) | undefined;
  #ended = false;
  #gone = false;
  /** Since the rate was looked at last: what the client has been waited for, and what came. */
  #waitedMs = 0;
  #countedBytes = 0;
  readonly #pace = new Pace();
  /** Up to when the pace knows of the wait for the client that is under way. */
  #awaitedSince: number | undefined;
  #stopped: SluiceError | undefined;
  #bytesRead = 0;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#request = request;
    this.#limits = limits;
    request.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose).on("error", this.#onClose);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Bytes that have been handed out. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Whether the client is waited for just now. */
  get isAwaited(): boolean {
    return this.#awaitedSince !== undefined;
  }

  /** Bytes per second of late, over the time in which the client was waited for. */
  get pace(): number {
    return this.#pace.after(this.#awaitedSince === undefined ? 0 : performance.now() - this.#awaitedSince);
  }

  /** Ends the body from outside: whoever reads it, now or next, gets this error. */
  stop(reason: SluiceError): void {
    this.#stopped ??= reason;
    this.#wake?.();
  }

  /** @throws ClientGone, SluiceError REQUEST_TIMEOUT; what `stop` was given */
  async next(): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      if (this.#stopped !== undefined) throw this.#stopped;
      if (performance.now() > this.#limits.deadline) throw new SluiceError("REQUEST_TIMEOUT");
      const chunk = this.#arrived.shift();
      if (chunk !== undefined) {
        this.#arrivedBytes -= chunk.length;
        this.#bytesRead += chunk.length;
        this.#resume();
        return { done: false, value: chunk };
      }
      if (this.#ended || this.#request.readableEnded) return { done: true, value: undefined };
      if (this.#gone || this.#request.destroyed) throw new ClientGone("The client went away.");
      await this.#moreOrTimeout();
    }
  }

  /**
   * Gives the memory of the body's chunks back at once: the garbage collector takes such blocks for more than they are,
   * and whole collections would be made for them. To be called once the answer is out, when nothing reads them any more.
   */
  releaseMemory(): void {
    for (const buffer of this.#memory) {
      // Written and released already, where the block was a chunk of the file.
      if (!buffer.detached) buffer.transfer(0);
    }
    this.#memory.length = 0;
  }

  /** Lets go of the request; what is left of its body is somebody else's to read. */
  detach(): void {
    this.#request
      .off("data", this.#onData)
      .off("end", this.#onEnd)
      .off("close", this.#onClose)
      .off("error", this.#onClose)
      .on("error", ignore)
      .pause();
  }

  async #moreOrTimeout(): Promise<void> {
    const { stallMs, deadline } = this.#limits;
    const since = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    this.#awaitedSince = since;
    // Of a slow body nothing more is waited for. When that was all of it, its end comes before any timer.
    const patience = this.#isSlow() ? 0 : Math.max(Math.min(stallMs, deadline - since), 0);
    const timer = setTimeout(() => reject(new SluiceError("REQUEST_TIMEOUT")), patience);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
      this.#tellPace();
      this.#awaitedSince = undefined;
    }
    this.#waitedMs += performance.now() - since;
  }

  #isSlow(): boolean {
    const { stallMs, bytesPerSecond } = this.#limits;
    if (this.#waitedMs < stallMs) return false;
    if (this.#countedBytes < (bytesPerSecond * this.#waitedMs) / 1000) return true;
    this.#waitedMs = 0;
    this.#countedBytes = 0;
    return false;
  }

  #tellPace(): void {
    if (this.#awaitedSince === undefined) return;
    const now = performance.now();
    this.#pace.waited(now - this.#awaitedSince);
    this.#awaitedSince = now;
  }

  #resume(): void {
    if (!this.#paused || this.#arrivedBytes >= readAheadBytes) return;
    this.#paused = false;
    this.#request.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#remember(chunk);
    this.#arrived.push(chunk);
    this.#arrivedBytes += chunk.length;
    this.#countedBytes += chunk.length;
    this.#tellPace();
    this.#pace.came(chunk.length);
    if (this.#arrivedBytes >= readAheadBytes) {
      this.#paused = true;
      this.#request.pause();
    }
    this.#wake?.();
  };

  /** Node gives each chunk a block of its own. If one were a part of something larger, that would be somebody else's too. */
  #remember({ buffer, byteLength }: Buffer): void {
    if (byteLength !== buffer.byteLength || this.#memory.length === rememberedChunks) return;
    if (buffer instanceof ArrayBuffer) this.#memory.push(buffer);
  }

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake?.();
  };

  readonly #onClose = (): void => {
    this.#gone = true;
    this.#wake?.();
  };
}

function ignore(): void {}
