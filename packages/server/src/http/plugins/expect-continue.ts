import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route sends `100 Continue` itself, once it wants the body. */
    readonly continuesItself?: boolean;
  }
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

/** Asks a client that waits for `100 Continue` to send the body. */
export function continueRequest(request: IncomingMessage, reply: ServerResponse): void {
  if (isWaiting(request)) reply.writeContinue();
}

/** Whether the client has announced that it holds its body back until asked. It may have been asked by now. */
function isWaiting(request: IncomingMessage): boolean {
  return request.headers.expect?.toLowerCase() === "100-continue";
}
