import { bodyOf } from "./node-body.ts";
import type { NodeRequest, NodeResponse } from "./node-message.ts";

/**
 * Calls back with a standard request made from Node's request. The request's signal aborts when the client disconnects.
 * `parsed` is an already parsed body, if it isn't at `request.body`. Afterwards the unread rest of the body is read and
 * discarded, within the server's own time-outs, so that the client gets its answer instead of a broken connection.
 */
export async function withStandardRequest<Result>(
  request: NodeRequest,
  response: Pick<NodeResponse, "on" | "off">,
  use: (standard: Request) => Promise<Result>,
  parsed: unknown = request.body,
): Promise<Result> {
  const abort = new AbortController();
  const onClose = () => abort.abort();
  response.on("close", onClose);
  const body = bodyOf(request, parsed);
  try {
    return await use(toRequest(request, body.content, abort.signal));
  } finally {
    response.off("close", onClose);
    body.discard();
  }
}

function toRequest(request: NodeRequest, body: BodyInit | null, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // HTTP/2 lists its pseudo-headers, such as :path, among the headers.
    if (!name.startsWith(":")) {
      for (const line of [value ?? []].flat()) {
        headers.append(name, line);
      }
    }
  }
  const method = request.method ?? "GET";
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
  if (method !== "GET" && method !== "HEAD") {
    init.body = body;
    init.duplex = "half";
  }
  return new Request(urlOf(request, headers), init);
}

/** Scheme, host and path are joined as text, so that a path such as `//other.example/` isn't taken for another host. */
function urlOf(request: NodeRequest, headers: Headers): string {
  const scheme = "encrypted" in request.socket && request.socket.encrypted ? "https" : "http";
  const target = request.originalUrl ?? request.url;
  const path = target?.startsWith("/") ? target : "/";
  const url = `${scheme}://${headers.get("host") ?? "localhost"}${path}`;
  return URL.canParse(url) ? url : `${scheme}://localhost/`;
}
