import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { fileObject } from "../../../library/files/file-object.ts";
import { listFileVersions } from "../../../library/files/find-files.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import { fileIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function listVersionsRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.listVersions, async (request) => {
    const { accountId } = principalOfRequest(request);
    const { fileId } = fileIdOf(request.params);
    const versions = await listFileVersions(services.database.reader, accountId, fileId);
    const endpoint = await endpointOf(services, request, versions);
    return versions.map((version) => fileObject(version, endpoint));
  });
}
