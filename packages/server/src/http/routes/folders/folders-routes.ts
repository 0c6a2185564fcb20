import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { bulkJobRoute } from "./bulk-job.ts";
import { copyFolderRoute } from "./copy-folder.ts";
import { createFolderRoute } from "./create-folder.ts";
import { deleteFolderRoute } from "./delete-folder.ts";
import { moveFolderRoute } from "./move-folder.ts";
import type { FoldersNeeds } from "./needs.ts";
import { renameFolderRoute } from "./rename-folder.ts";

const routes = [
  createFolderRoute,
  deleteFolderRoute,
  copyFolderRoute,
  moveFolderRoute,
  renameFolderRoute,
  bulkJobRoute,
];

/** The folders half of the media API (docs/protocol/media-api.md §3, §6.1). */
export function foldersRoutes(services: FoldersNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of routes) route(app, services);
  };
}
