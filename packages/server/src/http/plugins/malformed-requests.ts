import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type ErrorReason, SluiceError } from "@sluice/protocol";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { AnswersUnderWay } from "../answers-under-way.ts";
import { uploadHeaders } from "./cors.ts";
import { newRequestId, requestIdHeaders } from "./request-id.ts";

/**
 * The bytes that are read on while earlier requests are answered. An end of the connection with bytes unread would be a
 * reset, which can overtake an answer.
 */
const maxReadOn = 256 * 1024;

/** The parser's error codes and the reasons that the caller is told. Any other code is HTTP_INVALID. */
const reasons: Readonly<Record<string, ErrorReason & ("HEADERS_TOO_LARGE" | "REQUEST_TIMEOUT")>> = {
  HPE_HEADER_OVERFLOW: "HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TIMEOUT",
};

export interface MalformedRequests {
  /**
   * Handles the server's `clientError`: there is no request that could be routed, so the answer is written by hand, behind
   * the answers to the requests before. These have time limits of their own.
   */
  readonly answer: (error: NodeJS.ErrnoException, socket: Socket) => void;
  /** Checks the requests that could be parsed. */
  readonly watch: (app: FastifyInstance) => void;
}

/** Input that is not HTTP is answered with named JSON errors too (docs/protocol/upload.md §11, §12). */
export function malformedRequests(logger: Pick<Logger, "info">, answers: AnswersUnderWay): MalformedRequests {
  /** The bytes that had been read from a connection when its input could not be read any more. */
  const readUntil = new WeakMap<Socket, number>();

  function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    if (socket.destroyed || socket.writableEnded) return;
    const last = answers.last(socket);
    // The input may be a part of the last request, which can have been refused before its end.
    const own = last?.req.complete === false ? last : undefined;
    const earlier = answers.of(socket).findLast((reply) => reply !== own || reply.headersSent);
    if (earlier !== undefined) earlier.once("close", () => refuse(error, socket));
    else if (own?.headersSent) endConnection(socket);
    else {
      const reqId = newRequestId();
      const reason = reasons[error.code ?? ""] ?? "HTTP_INVALID";
      logger.info({ reqId, reason, ip: socket.remoteAddress }, "refused a request that could not be read as HTTP");
      endConnection(socket, answerWith(new SluiceError(reason), reqId));
    }
  }

  return {
    answer(error, socket) {
      if (error.code === "ECONNRESET") return;
      const began = readUntil.get(socket);
      if (began === undefined) {
        readUntil.set(socket, socket.bytesRead);
        answers.takeNoMore(socket);
        refuse(error, socket);
      } else if (!socket.writableEnded && socket.bytesRead - began > maxReadOn) {
        // The parser reports each further piece as well.
        socket.pause();
      }
    },
    watch(app) {
      app.addHook("onRequest", (request, reply, done) => {
        if (!isAmbiguous(request.raw)) return done();
        // The end of this request, and so the beginning of the next one, may be read in two ways as well.
        answers.takeNoMore(request.raw.socket);
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
function isAmbiguous({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
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

/** The time for which a connection is kept open for reading, so that the answer is not lost to a reset. */
const lingerMs = 1000;

/** Ends a connection with these last words, unless it has ended. What still comes is thrown away. */
export function endConnection(socket: Socket, text = ""): void {
  if (!socket.writable) return;
  socket.end(text);
  socket.resume();
  const last = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once("close", () => clearTimeout(last));
}
