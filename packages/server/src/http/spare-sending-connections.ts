import { Server } from "node:http";
import type { Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** The time in which a connection's first request may still come when the server closes. */
const firstRequestMs = 1000;

/**
 * Keeps a server that closes from cutting off answers, and from waiting for connections that nobody uses. Node takes a
 * connection for idle once its answer has been handed over in whole, even if the client has received only the beginning.
 * It doesn't take a connection for idle that has had no request yet. It forgets one on which a tunnel is asked for.
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
    void endUnused(open);
  };
  server.closeAllConnections = () => {
    for (const socket of open) socket.destroy();
  };
}

/**
 * Ends the connections on which nothing has come. Browsers and pools of connections open them ahead of the requests that
 * they expect, and keep them for minutes.
 */
async function endUnused(open: ReadonlySet<Socket>): Promise<void> {
  await sleep(firstRequestMs, undefined, { ref: false });
  // After a busy moment, the event loop reads what has come before this turn.
  await nextTurn();
  for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
}
