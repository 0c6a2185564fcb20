import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** The fate of the next connection on which a COMMIT is sent. */
export type CommitFault =
  /** The connection is cut, and the server never sees the COMMIT. */
  | "cut before"
  /** The server receives the COMMIT, and its answer is lost with the connection. */
  | "cut after"
  /** The client's end is cut, and the server goes on waiting for a COMMIT that never comes. */
  | "half open";

export interface PostgresProxy {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** The fault to cause. It takes effect once. */
  fault: CommitFault | undefined;
  /** While true, new connections are refused. */
  closed: boolean;
  /** While true, nothing passes in either direction, as when a server hangs. */
  stalled: boolean;
  /** Called when a fault has taken effect. */
  onFault: () => void;
  close(): Promise<void>;
}

/** Starts a proxy between a client and PostgreSQL that loses connections at the worst moments. */
export async function startPostgresProxy(target: string): Promise<PostgresProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (proxy.closed) return client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    let answersAreLost = false;
    upstream.on("data", (chunk) => {
      if (proxy.stalled) return;
      if (answersAreLost) client.destroy();
      else client.write(chunk);
    });
    upstream.on("close", () => client.destroy());
    let isHalfOpen = false;
    client.on("close", () => {
      if (!isHalfOpen) upstream.end();
    });
    client.on("data", (chunk) => {
      if (proxy.stalled) return;
      const fault = chunk.includes("commit\0") ? proxy.fault : undefined;
      if (fault === undefined) return upstream.write(chunk);
      proxy.fault = undefined;
      if (fault === "cut after") upstream.write(chunk);
      answersAreLost = fault === "cut after";
      isHalfOpen = fault === "half open";
      if (fault === "cut before") upstream.destroy();
      if (fault !== "cut after") client.destroy();
      return proxy.onFault();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: PostgresProxy = {
    url: url.href,
    fault: undefined,
    closed: false,
    stalled: false,
    onFault: () => undefined,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}
