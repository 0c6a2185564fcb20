import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { emptyTrashRoute } from "./empty-trash.ts";
import { listTrashRoute } from "./list-trash.ts";
import type { TrashRoutesNeeds } from "./needs.ts";
import { restoreFilesRoute } from "./restore-files.ts";

const routes = [listTrashRoute, restoreFilesRoute, emptyTrashRoute];

/** The files that were deleted and can still be restored (docs/trash.md). */
export function trashRoutes(services: TrashRoutesNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of routes) route(app, services);
  };
}
