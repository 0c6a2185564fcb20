import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { restoreFileVersion } from "../../../library/files/edit-files.ts";
import { fileObject } from "../../../library/files/file-object.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf, endpointOf } from "./caller.ts";
import { versionIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function restoreVersionRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.restoreVersion, async (request) => {
    const { accountId } = principalOfRequest(request);
    const target = { accountId, ...versionIdOf(request.params), ...changeOf(services, request) };
    const asset = await restoreFileVersion(services.database, target);
    return fileObject(asset, await endpointOf(services, request, [asset]));
  });
}
