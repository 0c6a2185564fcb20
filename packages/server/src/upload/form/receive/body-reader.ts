import type { IncomingMessage } from "node:http";
import { SluiceError } from "@sluice/protocol";
import { addToStage } from "../../../observability/request-stages.ts";

/** The client went away before its request was complete; nobody is left to be answered. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/** The request is paused once this much of its body has come unasked. One read of the socket brings as much. */
const readAheadBytes = 64 * 1024;

/** The most chunks of a body whose memory is remembered in order to release it. A small upload has no more chunks. */
const rememberedChunks = 8;

interface BodyLimits {
  /** The longest time without a byte, and also the time over which the rate is averaged. */
  readonly stallMs: number;
  /** A slower body would hold its place for longer than it is worth. */
  readonly bytesPerSecond: number;
  /** The latest end of the body, as a time of performance.now(). */
  readonly deadline: number;
}

/**
 * Pulls a request's body chunk by chunk, with back-pressure. Unlike with a stream's own iterator, a loop can stop in
 * the middle without destroying the connection, which is still needed to send a refusal. The reader ends bodies that
 * stand still, trickle or take too long. Only the time in which the server waited for the client counts as the client's
 * slowness.
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
  /** Since the last check of the rate: how long the server waited for the client, and how many bytes came. */
  #waitedMs = 0;
  #countedBytes = 0;
  readonly #throughput = new Throughput();
  /** While the server waits for the client: the time up to which the throughput has counted this wait. */
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

  /** Bytes that `next` has returned. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Whether the server is waiting for the client now. */
  get isAwaited(): boolean {
    return this.#awaitedSince !== undefined;
  }

  /** Recent bytes per second, over the time in which the server waited for the client. */
  get throughput(): number {
    return this.#throughput.after(this.#awaitedSince === undefined ? 0 : performance.now() - this.#awaitedSince);
  }

  /** Ends the body from outside: the current or next read fails with this error. */
  stop(reason: SluiceError): void {
    this.#stopped ??= reason;
    this.#wake?.();
  }

  /** @throws ClientGone, SluiceError REQUEST_TIMEOUT; the reason that `stop` was given */
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
   * Releases the memory of the body's chunks at once. The garbage collector takes such blocks for more than they are,
   * and would run whole collections for them. Call this once the answer is out, when nothing reads the chunks any more.
   */
  releaseMemory(): void {
    for (const buffer of this.#memory) {
      // A block that was a chunk of the file may already have been written and released.
      if (!buffer.detached) buffer.transfer(0);
    }
    this.#memory.length = 0;
  }

  /** Detaches from the request. The rest of its body is left to another reader. */
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
    // The reader waits for no more of a slow body. If the whole body has come, its end arrives before any timer.
    const patience = this.#isSlow() ? 0 : Math.max(Math.min(stallMs, deadline - since), 0);
    const timer = setTimeout(() => reject(new SluiceError("REQUEST_TIMEOUT")), patience);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
      this.#tellPace();
      this.#awaitedSince = undefined;
      addToStage("client", performance.now() - since);
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
    this.#throughput.waited(now - this.#awaitedSince);
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
    this.#throughput.came(chunk.length);
    if (this.#arrivedBytes >= readAheadBytes) {
      this.#paused = true;
      this.#request.pause();
    }
    this.#wake?.();
  };

  /** Node gives each chunk a block of its own. A larger block would belong to others too, so it is not remembered. */
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

/** The time over which the throughput is averaged; older bytes and waits fade away. */
const windowMs = 2000;
/** No more bytes are remembered, so that a very fast client that then stands still is found out as soon as others. */
const maxBytes = 2 * 1024 * 1024;

/**
 * Measures how fast a client's bytes have come recently. Only the time in which the client kept the server waiting
 * counts: a client is not slow because the server is busy with something else.
 */
export class Throughput {
  /** Both fade at the same rate. */
  #bytes = 0;
  #awaitedMs = 0;

  came(bytes: number): void {
    this.#bytes = Math.min(this.#bytes + bytes, maxBytes);
  }

  /** Counts a wait for the client of this length, without a byte. */
  waited(ms: number): void {
    const rest = Math.exp(-ms / windowMs);
    this.#bytes *= rest;
    this.#awaitedMs = windowMs - (windowMs - this.#awaitedMs) * rest;
  }

  /** Bytes per second, if nothing comes for this long; infinite when the server has never waited for the client. */
  after(ms: number): number {
    const rest = Math.exp(-ms / windowMs);
    const awaitedMs = windowMs - (windowMs - this.#awaitedMs) * rest;
    return awaitedMs === 0 ? Number.POSITIVE_INFINITY : (this.#bytes * rest * 1000) / awaitedMs;
  }
}
