import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { Server, Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

export interface RemoteServer {
  readonly port: number;
  /** `host:port`, as in a URL. */
  readonly authority: string;
  /** The number of connections that clients have made in all. */
  readonly connections: number;
  /** Resolves when all connections to the server are closed. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A server such as an attacker or a CDN may run, on a loopback address. */
export async function startRemoteServer(listener: RequestListener | Server, host = "127.0.0.1"): Promise<RemoteServer> {
  const server = typeof listener === "function" ? createServer(listener) : listener;
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    // A client that leaves in the middle of an answer is no failure of the test.
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server on TCP has a port");
  const { port } = address;
  return {
    port,
    authority: `${host}:${port}`,
    get connections() {
      return connections;
    },
    async idle() {
      const deadline = performance.now() + 10_000;
      while (sockets.size > 0) {
        if (performance.now() > deadline) throw new Error("a connection is still open");
        await setTimeout(5);
      }
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
