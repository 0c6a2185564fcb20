import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { changeTagsRoutes } from "./change-tags.ts";
import { copyFileRoute } from "./copy-file.ts";
import { deleteFileRoute } from "./delete-file.ts";
import { deleteFilesRoute } from "./delete-files.ts";
import { deleteVersionRoute } from "./delete-version.ts";
import { fileDetailsRoute } from "./file-details.ts";
import { listFilesRoute } from "./list-files.ts";
import { listMarksRoute } from "./list-marks.ts";
import { listTagsRoute } from "./list-tags.ts";
import { listVersionsRoute } from "./list-versions.ts";
import { moveFileRoute } from "./move-file.ts";
import type { FilesNeeds } from "./needs.ts";
import { patchFileDetailsRoute } from "./patch-file-details.ts";
import { renameFileRoute } from "./rename-file.ts";
import { restoreVersionRoute } from "./restore-version.ts";
import { versionDetailsRoute } from "./version-details.ts";

const routes = [
  listFilesRoute,
  listMarksRoute,
  listTagsRoute,
  fileDetailsRoute,
  patchFileDetailsRoute,
  deleteFileRoute,
  copyFileRoute,
  moveFileRoute,
  renameFileRoute,
  deleteFilesRoute,
  changeTagsRoutes,
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
