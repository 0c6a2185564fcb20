import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { deleteFileRoute } from "./delete-file.ts";
import { deleteVersionRoute } from "./delete-version.ts";
import { fileDetailsRoute } from "./file-details.ts";
import { listFilesRoute } from "./list-files.ts";
import { listVersionsRoute } from "./list-versions.ts";
import type { FilesNeeds } from "./needs.ts";
import { patchFileDetailsRoute } from "./patch-file-details.ts";
import { restoreVersionRoute } from "./restore-version.ts";
import { versionDetailsRoute } from "./version-details.ts";

const routes = [
  listFilesRoute,
  fileDetailsRoute,
  patchFileDetailsRoute,
  deleteFileRoute,
  listVersionsRoute,
  versionDetailsRoute,
  deleteVersionRoute,
  restoreVersionRoute,
];

/** The files half of the media API (docs/protocol/media-api.md §3). */
export function filesRoutes(services: FilesNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    for (const route of routes) route(app, services);
  };
}
