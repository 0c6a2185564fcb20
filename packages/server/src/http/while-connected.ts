import type { FastifyReply } from "fastify";

/**
 * Gives `work` a signal that is aborted when the client goes away, or has gone already. A stream that `work` hands to
 * the reply is ended by the reply itself.
 */
export async function whileConnected<T>(reply: FastifyReply, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  reply.raw.once("close", abort);
  // No event follows where the client has left before, while something else was awaited for the request.
  if (reply.raw.destroyed) abort();
  try {
    return await work(controller.signal);
  } finally {
    reply.raw.off("close", abort);
  }
}
