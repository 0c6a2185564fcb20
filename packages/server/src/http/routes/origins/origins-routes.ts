import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { createOriginRoute } from "./create-origin.ts";
import { deleteOriginRoute } from "./delete-origin.ts";
import { getOriginRoute } from "./get-origin.ts";
import { listOriginsRoute } from "./list-origins.ts";
import type { OriginsNeeds } from "./needs.ts";
import { replaceOriginRoute } from "./replace-origin.ts";

const routes = [listOriginsRoute, createOriginRoute, getOriginRoute, replaceOriginRoute, deleteOriginRoute];

/** Places outside of the library from which files are read (docs/protocol/media-api.md §10). */
export function originsRoutes(services: OriginsNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of routes) route(app, services);
  };
}
