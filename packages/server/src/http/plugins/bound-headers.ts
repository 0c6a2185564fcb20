import type { IncomingMessage } from "node:http";
import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config/config.ts";
import { uploadHeaders } from "./cors.ts";

/** The routes of resumable uploads. They take the headers that carry an upload's parameters. */
const resumable: ReadonlySet<string | undefined> = new Set([
  operations.createResumableUpload.path,
  operations.sendPiece.path,
]);

/** Node's parser drops the headers beyond this number without a word. No client sends nearly as many. */
const maxHeaders = 1000;

/**
 * Bounds each route's headers. The parser has one bound for all requests, since it doesn't know the route yet: the
 * larger one, which resumable uploads need.
 */
export function boundHeaders(app: FastifyInstance, { limits }: Pick<Config, "limits">): void {
  app.addHook("onRequest", (request, reply, done) => {
    const limit = resumable.has(request.routeOptions.url) ? limits.resumableHeaderBytes : limits.headerBytes;
    if (isWithin(request.raw, request.originalUrl, limit)) return done();
    // A web page must be able to read the refusal of an upload.
    reply.headers(uploadHeaders);
    done(new SluiceError("HEADERS_TOO_LARGE"));
  });
}

/** Whether a request's line and headers have at most that many bytes. Node hands them over with a character a byte. */
function isWithin({ method = "", rawHeaders }: IncomingMessage, target: string, limit: number): boolean {
  if (rawHeaders.length >= 2 * maxHeaders) return false;
  let bytes = `${method} ${target} HTTP/1.1\r\n`.length + (": \r\n".length * rawHeaders.length) / 2;
  for (const text of rawHeaders) bytes += text.length;
  return bytes <= limit;
}
