import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Answers a request of Node's HTTP server. */
export type Answer = (request: IncomingMessage, reply: ServerResponse) => void;

/** Load balancers ask these often and need the answer at once. */
const healthPath = /^\/health(?:\/|\?|$)/;

/**
 * Requests that come while the server starts. They wait, unread, until the server can answer them: a restart is then a
 * short wait for clients and no failure. A start that takes longer than the wait answers them itself. One request waits
 * for each connection. What a client sends behind it gets the starting answer, which follows that request's own.
 */
export class HeldRequests {
  readonly #startingAnswer: Answer;
  readonly #held = new Map<Socket, { readonly request: IncomingMessage; readonly reply: ServerResponse }>();
  readonly #timer: NodeJS.Timeout;
  #isOpen: boolean;

  constructor(startingAnswer: Answer, waitMs: number) {
    this.#startingAnswer = startingAnswer;
    this.#isOpen = waitMs > 0;
    this.#timer = setTimeout(() => this.release(startingAnswer), waitMs).unref();
  }

  take(request: IncomingMessage, reply: ServerResponse): void {
    const { socket } = request;
    if (!this.#isOpen || this.#held.has(socket) || healthPath.test(request.url ?? "")) {
      this.#startingAnswer(request, reply);
      return;
    }
    this.#held.set(socket, { request, reply });
    reply.once("close", () => this.#held.delete(socket));
  }

  /** Has all of them answered, in the order in which they came. From now on none waits. */
  release(answer: Answer): void {
    clearTimeout(this.#timer);
    this.#isOpen = false;
    for (const { request, reply } of this.#held.values()) {
      if (request.socket.writableEnded || request.socket.destroyed) request.resume();
      else answer(request, reply);
    }
    this.#held.clear();
  }
}
