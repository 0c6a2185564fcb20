import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The answers of each connection that may not be out yet, in the order of their requests, in which they leave. */
export class AnswersUnderWay {
  readonly #replies = new WeakMap<Socket, ServerResponse[]>();

  add(reply: ServerResponse): void {
    const { socket } = reply.req;
    const replies = this.#replies.get(socket);
    if (replies === undefined) {
      this.#replies.set(socket, [reply]);
      return;
    }
    while (replies[0]?.destroyed) replies.shift();
    replies.push(reply);
  }

  /** The answer to the last request of which the headers have come, whether it is out or not. */
  last(socket: Socket): ServerResponse | undefined {
    return this.#replies.get(socket)?.at(-1);
  }

  /** The answers that are not out yet. Node calls an answer destroyed once it has let the connection go. */
  of(socket: Socket): ServerResponse[] {
    return (this.#replies.get(socket) ?? []).filter(({ destroyed }) => !destroyed);
  }
}
