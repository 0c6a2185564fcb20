import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Limits } from "../config/limits.ts";
import { BodyReader } from "../upload/form/receive/body-reader.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route sends `100 Continue` itself, once it wants the body. */
    readonly continuesItself?: boolean;
  }
}

/** Whether the request's headers announce a body. */
export function expectsBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** The content length as a number; undefined without one. Node has already refused a value that is no number. */
export function contentLengthOf({ headers }: FastifyRequest): number | undefined {
  const header = headers["content-length"];
  return header === undefined ? undefined : Number(header);
}

/**
 * Node answers `Expect: 100-continue` by itself before anything has looked at the request. Here an upload's credentials
 * are checked first (docs/protocol/upload.md §3), so that a client with a wrong key never sends its file.
 */
export function continueOnDemand(app: FastifyInstance): void {
  app.addHook("preParsing", (request, reply, _payload, done) => {
    // The check for a waiting client comes first, because the framework puts a route's options together each time they
    // are read.
    if (isWaiting(request.raw) && request.routeOptions.config.continuesItself !== true) reply.raw.writeContinue();
    done();
  });
}

type BodyLimits = Pick<Limits, "bodyBytesPerSecond" | "requestMs" | "stallMs">;

/**
 * Has the client send the body that it may hold back, and opens it. It has to come within the time that a request may
 * take. Its memory is given back with the answer. The caller detaches it before it answers.
 */
export function openBody(limits: BodyLimits, request: FastifyRequest, reply: FastifyReply): BodyReader {
  continueRequest(request.raw, reply.raw);
  const body = new BodyReader(request.raw, {
    stallMs: limits.stallMs,
    bytesPerSecond: limits.bodyBytesPerSecond,
    deadline: performance.now() + limits.requestMs - reply.elapsedTime,
  });
  reply.raw.once("finish", () => body.releaseMemory());
  return body;
}

/** Asks a client that waits for `100 Continue` to send the body. */
function continueRequest(request: IncomingMessage, reply: ServerResponse): void {
  if (isWaiting(request)) reply.writeContinue();
}

/** Whether the client has announced that it holds its body back until asked. It may have been asked by now. */
function isWaiting(request: IncomingMessage): boolean {
  return request.headers.expect?.toLowerCase() === "100-continue";
}
