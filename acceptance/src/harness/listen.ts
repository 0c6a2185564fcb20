import { once } from "node:events";
import type { Server } from "node:net";

export interface Listening {
  readonly port: number;
  /** Closes the connections that are still open, and the server. */
  close(): Promise<void>;
}

/** Starts the test's own server on a free port of the loopback address. */
export async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<{ destroy(): unknown }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server on TCP has a port");
  return {
    port: address.port,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
