import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { unknownParameter } from "../../text/parameter.ts";
import { readAnalytics, readDailyUsage, readUsage } from "../../usage/read-usage.ts";
import { daysThrough, daysUntil } from "../../usage/usage-period.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type UsageRoutesDeps = AuthDeps & DepsOf<typeof readUsage>;

/** The routes that tell an account's usage (docs/protocol/media-api.md §10), and that by the day, which is our own. */
export function usageRoutes(services: UsageRoutesDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    addRoute(app, operations.getUsage, async (request) =>
      readUsage(services, principalOfRequest(request).accountId, daysUntil(datesIn(request.query))),
    );
    addRoute(app, operations.getUsageAnalytics, async (request) =>
      readAnalytics(services, principalOfRequest(request).accountId, daysThrough(datesIn(request.query))),
    );
    addRoute(app, operations.getDailyUsage, async (request) =>
      readDailyUsage(services, principalOfRequest(request).accountId, daysThrough(datesIn(request.query))),
    );
  };
}

function datesIn({ startDate, endDate, ...others }: Record<string, unknown>) {
  for (const name of Object.keys(others)) throw unknownParameter(name, ["startDate", "endDate"]);
  return { startDate, endDate };
}
