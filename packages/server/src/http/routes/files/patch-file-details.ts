import type { FastifyInstance } from "fastify";
import { patchFile } from "../../../library/edit-files.ts";
import { parseFilePatch } from "../../../library/parse-file-patch.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { type FileParameters, fileIdOf } from "./file-ids.ts";
import { FileObject, fileObject } from "./file-object.ts";
import { endpointOf, type FilesServices } from "./files-services.ts";

const schema = { response: { 200: FileObject } };

export function patchFileDetailsRoute(app: FastifyInstance, services: FilesServices): void {
  app.patch<{ Params: FileParameters }>("/v1/files/:fileId/details", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const target = { accountId, ...fileIdOf(request.params), now: services.now() };
    const asset = await patchFile(services.database, target, parseFilePatch(jsonObjectOf(request.body)));
    return fileObject(asset, endpointOf(services, request));
  });
}
