import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { fileObject } from "../../../library/files/file-object.ts";
import { findFile } from "../../../library/files/find-files.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import { fileIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function fileDetailsRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.getFile, async (request) => {
    const { fileId } = fileIdOf(request.params);
    const asset = await findFile(services.database.reader, principalOfRequest(request).accountId, fileId);
    return fileObject(asset, await endpointOf(services, request, [asset]));
  });
}
