import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import type { PurgeRoutesNeeds } from "./needs.ts";
import { purgeStatusRoute } from "./purge-status.ts";
import { requestPurgeRoute } from "./request-purge.ts";

/** The purge routes (docs/protocol/media-api.md §8). */
export function purgeRoutes(services: PurgeRoutesNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of [requestPurgeRoute, purgeStatusRoute]) route(app, services);
  };
}
