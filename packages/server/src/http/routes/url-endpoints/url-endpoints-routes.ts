import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { createUrlEndpointRoute } from "./create-url-endpoint.ts";
import { deleteUrlEndpointRoute } from "./delete-url-endpoint.ts";
import { getUrlEndpointRoute } from "./get-url-endpoint.ts";
import { listUrlEndpointsRoute } from "./list-url-endpoints.ts";
import type { UrlEndpointsNeeds } from "./needs.ts";
import { replaceUrlEndpointRoute } from "./replace-url-endpoint.ts";

const routes = [
  listUrlEndpointsRoute,
  createUrlEndpointRoute,
  getUrlEndpointRoute,
  replaceUrlEndpointRoute,
  deleteUrlEndpointRoute,
];

/** The beginnings of delivery URLs, and what they lead to (docs/protocol/media-api.md §10). */
export function urlEndpointsRoutes(services: UrlEndpointsNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of routes) route(app, services);
  };
}
