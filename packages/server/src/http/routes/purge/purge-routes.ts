import type { FastifyPluginAsync } from "fastify";
import type { Services } from "../../../app/services.ts";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { purgeStatusRoute } from "./purge-status.ts";
import { requestPurgeRoute } from "./request-purge.ts";

export type PurgeServices = Pick<Services, "database" | "keyPairs" | "now">;

/** docs/protocol/media-api.md §8. */
export function purgeRoutes(services: PurgeServices): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of [requestPurgeRoute, purgeStatusRoute]) route(app, services);
  };
}
