import type { IncomingMessage, ServerResponse } from "node:http";

/** Answers a request of Node's HTTP server. */
export type Answer = (request: IncomingMessage, reply: ServerResponse) => void;

/** Load balancers ask these often and need the answer at once. */
const healthPath = /^\/health(?:\/|\?|$)/;

/**
 * Requests that come while the server starts. They wait, unread, until the server can answer them: a restart is then a
 * short wait for clients and no failure. A start that takes longer than the wait answers them itself.
 */
export class HeldRequests {
  readonly #startingAnswer: Answer;
  readonly #held = new Set<ServerResponse>();
  readonly #timer: NodeJS.Timeout;
  #isOpen: boolean;

  constructor(startingAnswer: Answer, waitMs: number) {
    this.#startingAnswer = startingAnswer;
    this.#isOpen = waitMs > 0;
    this.#timer = setTimeout(() => this.release(startingAnswer), waitMs).unref();
  }

  take(request: IncomingMessage, reply: ServerResponse): void {
    if (!this.#isOpen || healthPath.test(request.url ?? "")) {
      this.#startingAnswer(request, reply);
      return;
    }
    this.#held.add(reply);
    reply.once("close", () => this.#held.delete(reply));
  }

  /** Has all of them answered, in the order in which they came. From now on none waits. */
  release(answer: Answer): void {
    clearTimeout(this.#timer);
    this.#isOpen = false;
    for (const reply of this.#held) {
      const { req: request } = reply;
      if (request.socket.writableEnded || request.socket.destroyed) request.resume();
      else answer(request, reply);
    }
    this.#held.clear();
  }
}
