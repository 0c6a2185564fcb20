import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The requests that may wait on a connection. Browsers and proxies send the next one when they have the answer. */
const maxWaiting = 100;

/**
 * Carries out the requests of each connection one after another, as their answers leave. A client can write thousands of
 * requests at once (a pipeline). All of them would be carried out before any other client's next request, and their
 * answers would take memory and files until the client reads them.
 */
export class RequestQueue {
  readonly #waiting = new WeakMap<Socket, number>();

  /**
   * Calls back when the request is to be carried out. What waits when its connection ends is forgotten. A connection on
   * which too many requests wait is cut: its client may send those again that have no answer (RFC 9112 §9.3.2).
   */
  take(request: IncomingMessage, reply: ServerResponse, carryOut: () => void): void {
    // Node gives an answer its connection at once where it waits for no other.
    if (reply.socket !== null) {
      carryOut();
      return;
    }
    const { socket } = request;
    if (this.#change(socket, 1) > maxWaiting) socket.destroy();
    reply.once("socket", () => {
      // The connection has the time limit of the answer before.
      socket.setTimeout(0);
      // Other connections have their turn first.
      setImmediate(() => {
        this.#change(socket, -1);
        if (socket.writableEnded || socket.destroyed) request.resume();
        else carryOut();
      });
    });
  }

  /** @returns the number of requests that wait from now on */
  #change(socket: Socket, by: 1 | -1): number {
    const waiting = (this.#waiting.get(socket) ?? 0) + by;
    this.#waiting.set(socket, waiting);
    return waiting;
  }
}
