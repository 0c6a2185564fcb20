import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { fileObject } from "../../../library/files/file-object.ts";
import { findFileVersion } from "../../../library/files/find-files.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import { versionIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function versionDetailsRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.getVersion, async (request) => {
    const { accountId } = principalOfRequest(request);
    const { fileId, versionId } = versionIdOf(request.params);
    const version = await findFileVersion(services.database.reader, accountId, fileId, versionId);
    return fileObject(version, await endpointOf(services, request, [version]));
  });
}
