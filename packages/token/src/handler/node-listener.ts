import type { FetchHandler } from "./upload-token-handler.ts";

interface BodyEvents {
  (event: "data", listener: (chunk: Uint8Array) => void): unknown;
  (event: "end", listener: () => void): unknown;
  (event: "error", listener: (error: Error) => void): unknown;
  (event: "close", listener: () => void): unknown;
}

/** The part of `http.IncomingMessage` that is used, so that this package needs nothing of Node. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: object;
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  readonly on: BodyEvents;
  readonly off: BodyEvents;
  pause(): unknown;
  resume(): unknown;
}

/** The part of `http.ServerResponse` that is used. */
export interface NodeResponse {
  readonly destroyed: boolean;
  statusCode: number;
  setHeader(name: string, value: string | string[]): unknown;
  end(body?: Uint8Array): unknown;
  destroy(): unknown;
  on(event: "close", listener: () => void): unknown;
  off(event: "close", listener: () => void): unknown;
}

/**
 * Serves a fetch-style handler with `node:http`: `createServer(toNodeListener(handler))`. It reads the body itself, so
 * nothing may have parsed it before. The request's signal aborts when the client goes away. What the handler leaves of a body is read on and discarded, within the server's own
 * time-outs, so that the client gets to read its answer instead of a broken connection.
 */
export function toNodeListener(handler: FetchHandler): (request: NodeRequest, response: NodeResponse) => void {
  return (request, response) => {
    serve(handler, request, response).catch(() => response.destroy());
  };
}

async function serve(handler: FetchHandler, request: NodeRequest, response: NodeResponse): Promise<void> {
  const abort = new AbortController();
  const onClose = () => abort.abort();
  response.on("close", onClose);
  const body = readableBody(request);
  try {
    const answer = await handler(toRequest(request, body.stream, abort.signal));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (!response.destroyed) {
      response.statusCode = answer.status;
      for (const [name, value] of Object.entries(headersOf(answer))) {
        response.setHeader(name, value);
      }
      response.end(bytes);
    }
  } finally {
    response.off("close", onClose);
    body.discard();
  }
}

function toRequest(request: NodeRequest, stream: ReadableStream<Uint8Array>, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // HTTP/2 keeps its pseudo-headers, such as :path, among the headers.
    if (!name.startsWith(":")) {
      for (const line of [value ?? []].flat()) {
        headers.append(name, line);
      }
    }
  }
  const method = request.method ?? "GET";
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
  if (method !== "GET" && method !== "HEAD") {
    init.body = stream;
    init.duplex = "half";
  }
  return new Request(urlOf(request, headers), init);
}

/** A path such as `//other.example/` must not be taken for another host, so the two are joined as text. */
function urlOf(request: NodeRequest, headers: Headers): string {
  const scheme = "encrypted" in request.socket && request.socket.encrypted ? "https" : "http";
  const path = request.url?.startsWith("/") ? request.url : "/";
  const url = `${scheme}://${headers.get("host") ?? "localhost"}${path}`;
  return URL.canParse(url) ? url : `${scheme}://localhost/`;
}

function headersOf(answer: Response): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) {
    headers["set-cookie"] = cookies;
  }
  return headers;
}

/** Nothing is read before the handler asks: Node itself sees to a body that nobody has touched. */
function readableBody(request: NodeRequest): { stream: ReadableStream<Uint8Array>; discard: () => void } {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let reading = false;
  const onData = (chunk: Uint8Array) => {
    controller?.enqueue(chunk);
    request.pause();
  };
  const onEnd = () => {
    controller?.close();
    release();
  };
  const onFailure = () => {
    controller?.error(new Error("The request's body ended early."));
    release();
  };
  const listen = () => {
    request.on("data", onData);
    request.on("end", onEnd);
    request.on("error", onFailure);
    request.on("close", onFailure);
  };
  const release = () => {
    controller = undefined;
    request.off("data", onData);
    request.off("end", onEnd);
    request.off("error", onFailure);
    request.off("close", onFailure);
  };
  const discard = () => {
    if (reading) {
      release();
      request.resume();
    }
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(pulled) {
        if (request.readableEnded) {
          pulled.close();
          return;
        }
        if (request.destroyed) {
          pulled.error(new Error("The request's body ended early."));
          return;
        }
        if (!reading) {
          reading = true;
          controller = pulled;
          listen();
        }
        request.resume();
      },
      cancel: discard,
    },
    { highWaterMark: 0 },
  );
  return { stream, discard };
}
