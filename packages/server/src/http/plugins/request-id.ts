import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";

export const newRequestId = (): string => randomUUID();

/** Every answer names its request, under both names that clients read (spec/upload-v2.md §12). */
export function addRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-ik-requestId", request.id).header("x-request-id", request.id);
  });
}
