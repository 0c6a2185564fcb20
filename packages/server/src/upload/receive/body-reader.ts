import type { IncomingMessage } from "node:http";
import { SluiceError } from "@sluice/protocol";

/** The client went away before its request was complete; nobody is left to be answered. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/**
 * Pulls a request's body chunk by chunk, with back-pressure: nothing is read ahead of what is asked for.
 * Unlike a stream's own iterator it can be left in the middle without destroying the connection, over which a refusal
 * is still to be sent, and it ends bodies that stand still or take too long.
 */
export class BodyReader implements AsyncIterator<Buffer>, AsyncIterable<Buffer> {
  readonly #request: IncomingMessage;
  readonly #stallMs: number;
  readonly #deadline: number;
  #wake: (() => void) | undefined;
  #ended = false;
  #gone = false;

  /** @param limits `deadline` is a time by performance.now() */
  constructor(request: IncomingMessage, limits: { readonly stallMs: number; readonly deadline: number }) {
    this.#request = request;
    this.#stallMs = limits.stallMs;
    this.#deadline = limits.deadline;
    request
      .on("readable", this.#onReadable)
      .on("end", this.#onEnd)
      .on("close", this.#onClose)
      .on("error", this.#onClose);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws ClientGone, SluiceError REQUEST_TIMEOUT */
  async next(): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      if (performance.now() > this.#deadline) throw new SluiceError("REQUEST_TIMEOUT");
      const chunk: Buffer | null = this.#request.read();
      if (chunk !== null) return { done: false, value: chunk };
      if (this.#ended || this.#request.readableEnded) return { done: true, value: undefined };
      if (this.#gone || this.#request.destroyed) throw new ClientGone("The client went away.");
      await this.#moreOrTimeout();
    }
  }

  /** Lets go of the request; what is left of its body is somebody else's to read. */
  detach(): void {
    const request = this.#request;
    request
      .off("readable", this.#onReadable)
      .off("end", this.#onEnd)
      .off("close", this.#onClose)
      .off("error", this.#onClose)
      .on("error", ignore);
  }

  async #moreOrTimeout(): Promise<void> {
    const patience = Math.min(this.#stallMs, this.#deadline - performance.now());
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(() => reject(new SluiceError("REQUEST_TIMEOUT")), Math.max(patience, 0));
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }

  readonly #onReadable = (): void => this.#wake?.();

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
