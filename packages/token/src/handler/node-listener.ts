import type { NodeRequest, NodeResponse } from "./node-message.ts";
import { withStandardRequest } from "./node-request.ts";
import type { FetchHandler } from "./upload-token-handler.ts";

/**
 * Serves a fetch-style handler with `node:http`, `createServer(toNodeListener(handler))`. It also works with Express
 * and other frameworks that use Node's messages, `app.all("/upload-token", toNodeListener(handler))`. If a parser has
 * already read the body, it is taken from `request.body`.
 */
export function toNodeListener(handler: FetchHandler): (request: NodeRequest, response: NodeResponse) => void {
  return (request, response) => {
    withStandardRequest(request, response, async (standard) => {
      const answer = await handler(standard);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (!response.destroyed) {
        send(response, answer, bytes);
      }
    }).catch(() => response.destroy());
  };
}

function send(response: NodeResponse, answer: Response, bytes: Uint8Array): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(headersOf(answer))) {
    response.setHeader(name, value);
  }
  response.end(bytes);
}

function headersOf(answer: Response): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) {
    headers["set-cookie"] = cookies;
  }
  return headers;
}
