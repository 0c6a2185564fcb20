import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route sends `100 Continue` itself, once it wants the body. */
    readonly continuesItself?: boolean;
  }
}

/**
 * Node answers `Expect: 100-continue` by itself before anybody has looked at the request. Here an upload's credentials
 * are checked first (docs/protocol/upload.md §3), so that a client with a wrong key never sends its file.
 */
export function continueOnDemand(app: FastifyInstance): void {
  app.addHook("preParsing", (request, reply, _payload, done) => {
    // In this order: the framework puts a route's options together whenever it is asked for them.
    if (isWaiting(request.raw) && request.routeOptions.config.continuesItself !== true) reply.raw.writeContinue();
    done();
  });
}

/** Asks a client that waits for it to send the body. */
export function continueRequest(request: IncomingMessage, reply: ServerResponse): void {
  if (isWaiting(request)) reply.writeContinue();
}

/** Whether the client holds its body back until it is asked for it, or has been. */
function isWaiting(request: IncomingMessage): boolean {
  return request.headers.expect?.toLowerCase() === "100-continue";
}
