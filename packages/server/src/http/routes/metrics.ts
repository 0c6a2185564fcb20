import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../config/config.ts";
import type { Metrics } from "../../observability/metrics.ts";
import { addRoute } from "../add-route.ts";
import { mayReadMetrics } from "../metrics-listener.ts";

interface MetricsDeps {
  readonly config: Pick<Config, "metricsListen" | "metricsToken">;
  readonly metrics: Pick<Metrics, "registry">;
}

/**
 * The metrics as Prometheus text. Anybody may read them unless the operator has set a token. Where they have a port of
 * their own, this port doesn't know them (`../metrics-listener.ts`).
 */
export function metricsRoute({ config, metrics }: MetricsDeps): FastifyPluginAsync {
  const { metricsListen, metricsToken } = config;
  return async (app) => {
    if (metricsListen !== undefined) return;
    addRoute(app, operations.getMetrics, async (request, reply) => {
      if (!mayReadMetrics(request.headers.authorization, metricsToken)) {
        reply.header("www-authenticate", "Bearer");
        throw new SluiceError("METRICS_TOKEN_WRONG");
      }
      return reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics());
    });
  };
}
