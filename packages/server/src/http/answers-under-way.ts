import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The answers of each connection that may not be out yet, in the order of their requests, in which they leave. */
export class AnswersUnderWay {
  readonly #replies = new WeakMap<Socket, ServerResponse[]>();
  readonly #ending = new WeakSet<Socket>();

  add(reply: ServerResponse): void {
    const { socket } = reply.req;
    const replies = this.#replies.get(socket);
    // Node gives an answer its connection at once where it waits for no other.
    if (replies === undefined || reply.socket !== null) {
      this.#replies.set(socket, [reply]);
      return;
    }
    replies.push(reply);
    reply.once("close", () => forgetFirst(replies));
  }

  /** The answer to the last request of which the headers have come, whether it is out or not. */
  last(socket: Socket): ServerResponse | undefined {
    return this.#replies.get(socket)?.at(-1);
  }

  /** The answers that are not out yet. Node calls an answer destroyed once it has let the connection go. */
  of(socket: Socket): ServerResponse[] {
    return (this.#replies.get(socket) ?? []).filter(({ destroyed }) => !destroyed);
  }

  /** Whether no request behind this one is answered on its connection, as far as that is known. */
  isLast(request: IncomingMessage): boolean {
    const last = this.last(request.socket);
    return last === undefined || last.req === request;
  }

  /** From now on no request on the connection is answered: it ends behind the answers so far. */
  takeNoMore(socket: Socket): void {
    this.#ending.add(socket);
  }

  takesNoMore(socket: Socket): boolean {
    return this.#ending.has(socket);
  }

  /** Calls back when all answers that are under way now are out. An answer may be given up before those in front of it. */
  onceOut(socket: Socket, callback: () => void): void {
    const last = this.of(socket).at(-1);
    if (last === undefined) callback();
    else last.once("close", () => this.onceOut(socket, callback));
  }
}

/** Forgets the first answers, which are out. A connection that rests would keep the memory of hundreds of requests. */
function forgetFirst(replies: ServerResponse[]): void {
  while (replies.length > 1 && replies[0]?.destroyed) replies.shift();
}

/**
 * Whether the whole answer has been written and the connection has taken all of it, so that nothing is left to wait
 * for. An injected request has no connection that could tell.
 */
export function isOut({ writableEnded, socket }: ServerResponse): boolean {
  return writableEnded && socket?.writableLength === 0;
}
