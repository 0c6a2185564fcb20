import type { FastifyInstance } from "fastify";

/**
 * The upload routes' answers to browsers of any origin: no cookies are used, so any origin is right
 * (docs/protocol/upload.md §12).
 */
export const uploadHeaders = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "x-ik-requestId, x-request-id, x-should-retry, retry-after, x-next-cursor, x-previous-cursor, x-estimated-count, x-hashed-share",
} as const;

const preflightHeaders = {
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-max-age": "86400",
} as const;

/** Sends CORS headers with every answer of `app`, refusals included, and answers preflights of `paths`. */
export function allowAnyOrigin(app: FastifyInstance, paths: readonly string[]): void {
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(uploadHeaders);
    done();
  });
  for (const path of paths) {
    app.options(path, (request, reply) => {
      const asked = request.headers["access-control-request-headers"];
      return reply
        .code(204)
        .headers(preflightHeaders)
        .header("access-control-allow-headers", asked ?? "*")
        .header("vary", "Access-Control-Request-Headers")
        .send();
    });
  }
}
