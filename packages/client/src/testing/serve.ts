import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Served {
  readonly url: string;
  readonly requests: readonly { readonly headers: IncomingMessage["headers"]; readonly body: string }[];
  close(): Promise<void>;
}

/** Starts a server on the loopback address. It repeats the last answer for further requests. */
export async function serve(...answers: RequestListener[]): Promise<Served> {
  const requests: { headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: await text(request) });
    answers[Math.min(requests.length, answers.length) - 1]?.(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(JSON.stringify(body));
}
