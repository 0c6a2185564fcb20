import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { listen } from "./listen.ts";

/** A load balancer that gives each request to the next of its nodes, as nginx does, and tries none a second time. */
export interface Balancer {
  readonly url: string;
  add(node: string): void;
  /** Sends a node no more requests. @returns once those that it has are answered */
  remove(node: string): Promise<void>;
  close(): Promise<void>;
}

export async function startBalancer(nodes: readonly string[]): Promise<Balancer> {
  let active = [...nodes];
  let turn = 0;
  const busy = new Map<string, Set<Promise<void>>>();

  function pass(asked: IncomingMessage, answer: ServerResponse): void {
    const node = active[turn++ % active.length] as string;
    const { hostname, port } = new URL(node);
    const { method, url: path, headers } = asked;
    const sent = request({ hostname, port, method, path, headers, agent: false });
    const ended = Promise.withResolvers<void>();
    const requests = busy.get(node) ?? new Set();
    busy.set(node, requests.add(ended.promise));
    answer.once("close", () => {
      requests.delete(ended.promise);
      ended.resolve();
    });
    sent.once("response", (received) => {
      const { connection, ...told } = received.headers;
      answer.writeHead(received.statusCode ?? 502, told);
      pipeline(received, answer, () => undefined);
    });
    pipeline(asked, sent, (error) => {
      if (error) answer.destroy();
    });
  }

  const { port, close } = await listen(createServer(pass));
  return {
    url: `http://127.0.0.1:${port}`,
    add(node) {
      active.push(node);
    },
    async remove(node) {
      active = active.filter((other) => other !== node);
      await Promise.all(busy.get(node) ?? []);
    },
    close,
  };
}
