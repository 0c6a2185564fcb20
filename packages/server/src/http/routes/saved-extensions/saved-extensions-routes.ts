import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { changeSavedExtensionRoute } from "./change-saved-extension.ts";
import { createSavedExtensionRoute } from "./create-saved-extension.ts";
import { deleteSavedExtensionRoute } from "./delete-saved-extension.ts";
import { getSavedExtensionRoute } from "./get-saved-extension.ts";
import { listSavedExtensionsRoute } from "./list-saved-extensions.ts";
import type { SavedExtensionsNeeds } from "./needs.ts";

const routes = [
  listSavedExtensionsRoute,
  createSavedExtensionRoute,
  getSavedExtensionRoute,
  changeSavedExtensionRoute,
  deleteSavedExtensionRoute,
];

/** Configurations of extensions, which requests name by id (docs/protocol/media-api.md §9). */
export function savedExtensionsRoutes(services: SavedExtensionsNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of routes) route(app, services);
  };
}
