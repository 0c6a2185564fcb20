import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";

export const newRequestId = (): string => randomUUID();

/** Every answer names its request, under both names that clients read (docs/protocol/upload.md §12). */
export function requestIdHeaders(id: string): Record<"x-ik-requestId" | "x-request-id", string> {
  return { "x-ik-requestId": id, "x-request-id": id };
}

export function addRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(requestIdHeaders(request.id));
    done();
  });
}
