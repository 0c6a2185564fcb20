import { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Keeps a server that closes from cutting off answers, and from waiting for connections that it has forgotten. Node takes
 * a connection for idle once its answer has been handed over in whole, even if the client has received only the
 * beginning. It forgets a connection on which a tunnel is asked for.
 */
export function spareSendingConnections(server: Server): void {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.closeIdleConnections = () => {
    const sending = [...open].filter(({ writableLength }) => writableLength > 0);
    // Node tells nobody which connections are idle, so those that still send are made to withstand their end.
    for (const socket of sending) socket.destroy = () => socket;
    Server.prototype.closeIdleConnections.call(server);
    for (const socket of sending) Reflect.deleteProperty(socket, "destroy");
  };
  server.closeAllConnections = () => {
    for (const socket of open) socket.destroy();
  };
}
