import { createServer, type RequestListener } from "node:http";
import { listen } from "./listen.ts";

export interface FileHost {
  readonly url: string;
  /** How often it was connected to. */
  readonly connections: number;
  /** Those that are open still. */
  readonly openConnections: number;
  close(): Promise<void>;
}

/** Somebody else's server, which files are fetched from. */
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
