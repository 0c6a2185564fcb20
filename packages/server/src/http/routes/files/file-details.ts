import type { FastifyInstance } from "fastify";
import { findFile } from "../../../library/files/find-files.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { type FileParameters, fileIdOf } from "./file-ids.ts";
import { FileObject, fileObject } from "./file-object.ts";
import { endpointOf, type FilesServices } from "./files-services.ts";

const schema = { response: { 200: FileObject } };

export function fileDetailsRoute(app: FastifyInstance, services: FilesServices): void {
  app.get<{ Params: FileParameters }>("/v1/files/:fileId/details", { schema }, async (request) => {
    const { fileId } = fileIdOf(request.params);
    const asset = await findFile(services.database.reader, principalOfRequest(request).accountId, fileId);
    return fileObject(asset, endpointOf(services, request));
  });
}
