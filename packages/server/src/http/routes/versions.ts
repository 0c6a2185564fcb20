import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { removeFileVersion, restoreFileVersion } from "../../library/files/edit-files.ts";
import { fileObject } from "../../library/files/file-object.ts";
import { findFileVersion, listFileVersions } from "../../library/files/find-files.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { type CallerDeps, changeOf, endpointOf, idIn } from "./files.ts";

type VersionsDeps = AuthDeps &
  CallerDeps & {
    readonly database: DepsOf<typeof removeFileVersion> & DepsOf<typeof restoreFileVersion>;
  };

/** The versions of a file (docs/protocol/media-api.md §3). */
export function versionsRoutes(services: VersionsDeps): FastifyPluginAsync {
  const { database } = services;
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.listVersions, async (request) => {
      const { viewer } = principalOfRequest(request);
      const versions = await listFileVersions(database.reader, viewer, idIn(request.params, "fileId"));
      const endpoint = await endpointOf(services, request, versions);
      return versions.map((version) => fileObject(version, endpoint));
    });
    addRoute(app, operations.getVersion, async (request) => {
      const { viewer } = principalOfRequest(request);
      const { fileId, versionId } = idsIn(request.params);
      const version = await findFileVersion(database.reader, viewer, fileId, versionId);
      return fileObject(version, await endpointOf(services, request, [version]));
    });
    addRoute(app, operations.deleteVersion, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      await removeFileVersion(database, { accountId, ...idsIn(request.params), ...changeOf(services, request) });
      return reply.code(204).send();
    });
    addRoute(app, operations.restoreVersion, async (request) => {
      const { accountId } = principalOfRequest(request);
      const target = { accountId, ...idsIn(request.params), ...changeOf(services, request) };
      const asset = await restoreFileVersion(database, target);
      return fileObject(asset, await endpointOf(services, request, [asset]));
    });
  };
}

function idsIn(params: { readonly fileId: string; readonly versionId: string }) {
  return { fileId: idIn(params, "fileId"), versionId: idIn(params, "versionId") };
}
