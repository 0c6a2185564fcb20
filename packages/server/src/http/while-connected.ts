import type { FastifyReply } from "fastify";

/** Gives `work` a signal that ends it when the client goes away. What it hands to the reply, the reply ends by itself. */
export async function whileConnected<T>(reply: FastifyReply, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  reply.raw.once("close", abort);
  try {
    return await work(controller.signal);
  } finally {
    reply.raw.off("close", abort);
  }
}
