import { connect, createServer, type Socket } from "node:net";
import { listen } from "./listen.ts";

export interface CuttingProxy {
  readonly url: string;
  /** The number of connections that have been cut. */
  readonly cuts: number;
  /** Cuts all connections once that many more bytes have come from clients. Resolves when they are cut. */
  cutAfter(bytes: number): Promise<void>;
  /** Leads new connections to another server. */
  leadTo(target: string): void;
  close(): Promise<void>;
}

/** Starts a TCP proxy that breaks connections in the middle of a body, as a network does. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  let to = new URL(target);
  let cuts = 0;
  let left = Number.POSITIVE_INFINITY;
  let cut: (() => void) | undefined;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket)).on("error", () => undefined);
    }
    client.once("close", () => upstream.destroy());
    upstream.once("close", () => client.destroy());
    upstream.pipe(client);
    client.on("data", (chunk: Buffer) => {
      if (chunk.length >= left) return cutAll(upstream, chunk.subarray(0, left));
      left -= chunk.length;
      if (!upstream.write(chunk)) {
        client.pause();
        upstream.once("drain", () => client.resume());
      }
    });
  });

  function cutAll(upstream: Socket, last: Buffer): void {
    left = Number.POSITIVE_INFINITY;
    cuts++;
    upstream.write(last, () => {
      for (const socket of open) socket.destroy();
      cut?.();
    });
  }

  const { port, close } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    get cuts() {
      return cuts;
    },
    cutAfter(bytes) {
      left = bytes;
      const { promise, resolve } = Promise.withResolvers<void>();
      cut = resolve;
      return promise;
    },
    leadTo(other) {
      to = new URL(other);
    },
    close,
  };
}
