import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { changeNamedTransformationRoute } from "./change-named-transformation.ts";
import { createNamedTransformationRoute } from "./create-named-transformation.ts";
import { deleteNamedTransformationRoute } from "./delete-named-transformation.ts";
import { getNamedTransformationRoute } from "./get-named-transformation.ts";
import { listNamedTransformationsRoute } from "./list-named-transformations.ts";
import type { NamedTransformationsNeeds } from "./needs.ts";

const routes = [
  listNamedTransformationsRoute,
  createNamedTransformationRoute,
  getNamedTransformationRoute,
  changeNamedTransformationRoute,
  deleteNamedTransformationRoute,
];

/** Transformations that URLs call by a name (docs/protocol/media-api.md §9). */
export function namedTransformationsRoutes(services: NamedTransformationsNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of routes) route(app, services);
  };
}
