import type { FastifyInstance } from "fastify";
import type { Metrics } from "../../observability/metrics.ts";

/** Counts answers by route, never by path: paths are the callers' to choose and would grow without bound. */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook("onResponse", (request, reply, done) => {
    metrics.requests.inc({ route: request.routeOptions.url ?? "none", status: reply.statusCode });
    request.log.info({ req: request, res: reply, ms: Math.round(reply.elapsedTime) }, "answered");
    done();
  });
}
