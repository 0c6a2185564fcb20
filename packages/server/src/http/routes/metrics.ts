import { hash, timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../config/config.ts";
import type { Metrics } from "../../observability/metrics.ts";
import { addRoute } from "../add-route.ts";

export interface MetricsNeeds {
  readonly config: Pick<Config, "metricsToken">;
  readonly metrics: Pick<Metrics, "registry">;
}

/** The metrics as Prometheus text. Anybody may read them unless the operator has set a token. */
export function metricsRoute({ config: { metricsToken }, metrics }: MetricsNeeds): FastifyPluginAsync {
  return async (app) => {
    addRoute(app, operations.getMetrics, async (request, reply) => {
      if (metricsToken !== undefined && !bearsToken(request.headers.authorization, metricsToken)) {
        reply.header("www-authenticate", "Bearer");
        throw new SluiceError("METRICS_TOKEN_WRONG");
      }
      return reply.header("content-type", metrics.registry.contentType).send(await metrics.registry.metrics());
    });
  };
}

/** Compares hashes, so that the time taken reveals neither the length nor the content of the token. */
function bearsToken(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
