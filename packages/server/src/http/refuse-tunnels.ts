import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { AnswersUnderWay } from "./answers-under-way.ts";
import { endConnection } from "./end-connection.ts";

/**
 * Ends connections on which a client asks for a tunnel. CONNECT gets no answer, as Node has it by default. But Node would
 * also cut off the answers to requests before it.
 */
export function refuseTunnels(server: Server, answers: AnswersUnderWay): void {
  server.on("connect", (_request, socket: Socket) => {
    if (answers.of(socket).length === 0) {
      socket.destroy();
      return;
    }
    // Node has let go of the connection. These listeners do what the answers need of Node's own ones.
    socket.on("error", () => undefined);
    socket.on("timeout", () => socket.destroy());
    socket.on("drain", () => {
      for (const reply of answers.of(socket)) if (reply.socket === socket) reply.emit("drain");
    });
    socket.on("close", () => {
      for (const reply of answers.of(socket)) reply.destroy();
    });
    answers.onceOut(socket, () => endConnection(socket));
  });
}
