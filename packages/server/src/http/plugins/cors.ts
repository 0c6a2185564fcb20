import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance, FastifyRequest, HTTPMethods } from "fastify";

/**
 * The upload routes' answers to browsers of any origin: no cookies are used, so any origin is right
 * (docs/protocol/upload.md §12).
 */
export const uploadHeaders = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "x-ik-requestId, x-request-id, x-should-retry, retry-after, x-next-cursor, x-previous-cursor, x-estimated-count, x-hashed-share",
} as const;

/** The headers that tell a browser that a request of another origin may follow, by any of these methods. */
export function preflightHeaders({ headers }: FastifyRequest, methods: string): Record<string, string> {
  return {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "*",
    "access-control-max-age": "86400",
    vary: "Access-Control-Request-Headers",
  };
}

/**
 * Sends CORS headers with every answer of `app`, refusals included, and answers preflights of `paths`, which have POST.
 */
export function allowAnyOrigin(app: FastifyInstance, paths: readonly string[]): void {
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(uploadHeaders);
    done();
  });
  for (const path of paths) {
    app.options(path, (request, reply) => reply.code(204).headers(preflightHeaders(request, "POST, OPTIONS")).send());
  }
}

/**
 * Refuses the methods that a path does not have, by a route of its own: a page of another origin can read why it was
 * refused only with the CORS headers of the path's other routes.
 * @param allowed the methods that the path has
 */
export function refuseOtherMethods(app: FastifyInstance, url: string, method: HTTPMethods[], allowed: string): void {
  app.route({
    method,
    url,
    exposeHeadRoute: false,
    handler: (_request, reply) => {
      reply.header("allow", allowed);
      throw new SluiceError("METHOD_NOT_ALLOWED", { allowed });
    },
  });
}
