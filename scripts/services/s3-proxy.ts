import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";

/** The fate of a request. */
export type Fate =
  | "passed"
  /** The proxy answers SlowDown, as an overloaded service does, and passes nothing on. */
  | "slowed"
  /** The proxy answers 404 itself, as one does whose service is away, and passes nothing on. */
  | "unknown"
  /** The request arrives at the proxy, and is neither passed on nor answered. */
  | "held"
  /** The service receives and executes the request, but the answer never comes back. */
  | "unanswered"
  /** The answer's body breaks off in the middle. */
  | "cut";

export interface S3Proxy {
  readonly endpoint: string;
  /** One line for each request so far, such as `PUT /bucket/key?query`. The latest is last. */
  readonly requests: string[];
  /** Sets the function that decides the fate of each request from now on. */
  judge(decide: (line: string) => Fate): void;
  /** The number of connections that clients hold open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

const slowDown =
  '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';

/** Starts a proxy between a store and its service that treats requests as faulty networks and services do. */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  const { hostname, port } = new URL(target);
  const requests: string[] = [];
  let decide: (line: string) => Fate = () => "passed";

  const server = createServer((incoming, answer) => {
    const line = `${incoming.method} ${incoming.url}`;
    requests.push(line);
    const fate = decide(line);
    if (fate === "slowed") {
      incoming.resume();
      answer.writeHead(503, { "content-type": "application/xml" }).end(slowDown);
      return;
    }
    if (fate === "unknown") {
      incoming.resume();
      answer.writeHead(404, { "content-type": "text/html" }).end("<html><body>Not found</body></html>");
      return;
    }
    if (fate === "held") {
      incoming.resume();
      return;
    }
    const { method, url: path, headers } = incoming;
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (reply) => {
      passOn(reply, answer, fate);
    });
    outgoing.on("error", () => answer.destroy());
    // An unanswered client may leave without ending the upstream request, because the service has to execute it.
    if (fate !== "unanswered") answer.on("close", () => outgoing.destroy());
    pipeline(incoming, outgoing, () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    judge: (judgement) => {
      decide = judgement;
    },
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function passOn(reply: IncomingMessage, answer: ServerResponse, fate: Fate): void {
  if (fate === "unanswered") {
    reply.resume().once("end", () => answer.destroy());
    return;
  }
  answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
  if (fate === "cut") {
    reply.once("data", (chunk: Buffer) => {
      answer.write(chunk.subarray(0, 100), () => answer.destroy());
      reply.destroy();
    });
    return;
  }
  pipeline(reply, answer, () => undefined);
}
