import { createServer, type RequestListener } from "node:http";
import { listen } from "./listen.ts";

export interface FileHost {
  readonly url: string;
  /** The number of connections that were made in all. */
  readonly connections: number;
  /** The number of connections that are still open. */
  readonly openConnections: number;
  close(): Promise<void>;
}

/** Starts a foreign server that Sluice fetches files from. */
export async function startFileHost(listener: RequestListener): Promise<FileHost> {
  const server = createServer(listener);
  let [connections, openConnections] = [0, 0];
  server.on("connection", (socket) => {
    connections++;
    openConnections++;
    socket.once("close", () => openConnections--);
  });
  const { port, close } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    get openConnections() {
      return openConnections;
    },
    close,
  };
}
