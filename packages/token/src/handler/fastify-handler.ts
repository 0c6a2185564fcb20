import type { NodeRequest, NodeResponse } from "./node-message.ts";
import { withStandardRequest } from "./node-request.ts";
import type { FetchHandler } from "./upload-token-handler.ts";

/** The part of `FastifyRequest` that this package uses. */
export interface FastifyRequestLike {
  readonly raw: NodeRequest;
  readonly body?: unknown;
}

/** The part of `FastifyReply` that this package uses. */
export interface FastifyReplyLike {
  readonly raw: Pick<NodeResponse, "on" | "off">;
}

/**
 * Serves a fetch-style handler as a route of Fastify 5: `app.all("/upload-token", toFastifyHandler(handler))`. Hooks
 * run as for other routes, because Fastify sends the returned `Response`. Fastify's own parsers read the body, so
 * content types other than JSON and text get its 415, unless the application has a parser for them.
 */
export function toFastifyHandler(
  handler: FetchHandler,
): (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<Response> {
  return (request, reply) => withStandardRequest(request.raw, reply.raw, handler, request.body);
}
