import type { FastifyRequest } from "fastify";

const reasons = new WeakMap<FastifyRequest, string>();

/** Keeps the reason for the answer's log line. A reason is a code: it holds nothing that the client sent. */
export function noteRefusal(request: FastifyRequest, reason: string): void {
  reasons.set(request, reason);
}

/** Returns the reason why the request was refused; undefined if it wasn't. */
export function refusalReason(request: FastifyRequest): string | undefined {
  return reasons.get(request);
}
