import { FileObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { fileObject } from "../../../library/files/file-object.ts";
import { findFile } from "../../../library/files/find-files.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import { type FileParameters, fileIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: FileObject } };

export function fileDetailsRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.get<{ Params: FileParameters }>("/v1/files/:fileId/details", { schema }, async (request) => {
    const { fileId } = fileIdOf(request.params);
    const asset = await findFile(services.database.reader, principalOfRequest(request).accountId, fileId);
    return fileObject(asset, endpointOf(services, request));
  });
}
