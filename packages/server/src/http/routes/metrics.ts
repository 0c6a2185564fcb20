import type { FastifyPluginAsync } from "fastify";
import type { Services } from "../../services.ts";

/** Prometheus text. */
export function metricsRoute({ metrics }: Services): FastifyPluginAsync {
  return async (app) => {
    app.get("/metrics", async (_request, reply) =>
      reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
  };
}
