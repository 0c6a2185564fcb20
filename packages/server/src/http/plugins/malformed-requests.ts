import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type ErrorReason, SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { uploadHeaders } from "./cors.ts";
import { newRequestId, requestIdHeaders } from "./request-id.ts";

/** The time for which a connection is kept open for reading, so that the answer is not lost to a reset. */
const lingerMs = 1000;

/** The parser's error codes and the reasons that the caller is told. Any other code is HTTP_INVALID. */
const reasons: Readonly<Record<string, ErrorReason & ("HEADERS_TOO_LARGE" | "REQUEST_TIMEOUT")>> = {
  HPE_HEADER_OVERFLOW: "HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TIMEOUT",
};

export interface MalformedRequests {
  /** Handles the server's `clientError`: there is no request that could be routed, so the answer is written by hand. */
  readonly answer: (error: NodeJS.ErrnoException, socket: Socket) => void;
  /** Checks the requests that could be parsed. */
  readonly watch: (app: FastifyInstance) => void;
  /** Whether an earlier request on the connection was ambiguous: others may read what follows as a part of it. */
  readonly isAmbiguous: (socket: Socket) => boolean;
}

/** Input that is not HTTP is answered with named JSON errors too (docs/protocol/upload.md §11, §12). */
export function malformedRequests(logger: Pick<Logger, "info">): MalformedRequests {
  const replies = new WeakMap<Socket, ServerResponse>();
  const ambiguous = new WeakSet<Socket>();
  return {
    isAmbiguous: (socket) => ambiguous.has(socket),
    answer(error, socket) {
      if (error.code === "ECONNRESET" || socket.destroyed || socket.writableEnded) return;
      const reply = replies.get(socket);
      // A second answer must not be written into the first one, nor behind it when the first one answers this request.
      if (reply?.headersSent && !reply.writableFinished) socket.destroy();
      else if (reply?.headersSent && !reply.req.complete) end(socket, "");
      else {
        const reqId = newRequestId();
        const reason = reasons[error.code ?? ""] ?? "HTTP_INVALID";
        logger.info({ reqId, reason, ip: socket.remoteAddress }, "refused a request that could not be read as HTTP");
        end(socket, answerWith(new SluiceError(reason), reqId));
      }
    },
    watch(app) {
      app.addHook("onRequest", (request, reply, done) => {
        replies.set(request.raw.socket, reply.raw);
        if (!isAmbiguous(request.raw)) return done();
        // The end of this request, and so the beginning of the next one, may be read in two ways as well.
        ambiguous.add(request.raw.socket);
        // Not set by a header: the drain would take it for one of the framework's, and those don't end a connection
        // whose body is read on.
        reply.raw.shouldKeepAlive = false;
        reply.headers(uploadHeaders);
        done(new SluiceError("HTTP_INVALID"));
      });
    },
  };
}

/**
 * Requests that Node's parser lets through and that others read differently: a host that is missing in HTTP/1.1 or is
 * there twice (RFC 9112 §3.2), a body in a coding that nothing here decodes (§6.1), and a request of HTTP/0.9, which
 * has no headers.
 */
export function isAmbiguous({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  const coding = headers["transfer-encoding"];
  if (httpVersion === "0.9" || (coding !== undefined && coding.toLowerCase() !== "chunked")) return true;
  const hosts = countHosts(rawHeaders);
  return hosts > 1 || (hosts === 0 && httpVersion === "1.1");
}

/** @param rawHeaders names and values in turn */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts;
}

function answerWith(refusal: SluiceError, requestId: string): string {
  const body = JSON.stringify(refusal);
  const headers = {
    ...requestIdHeaders(requestId),
    // The path is not known. A web page must be able to read the refusal of an upload.
    ...uploadHeaders,
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`;
  return `${[status, ...lines].join("\r\n")}\r\n\r\n${body}`;
}

function end(socket: Socket, text: string): void {
  socket.end(text);
  socket.resume();
  const last = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once("close", () => clearTimeout(last));
}
