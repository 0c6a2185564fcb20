import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { endConnection } from "./end-connection.ts";

/**
 * Prepares an answer that waits for others on its connection. Node gives it the connection with the time limit of the
 * answer before, and also where it has been given up meanwhile: its client would wait for the rest for ever.
 */
export function prepareQueued(reply: ServerResponse): void {
  reply.once("socket", (socket: Socket) => {
    if (reply.destroyed) endConnection(socket);
    else socket.setTimeout(0);
  });
}
