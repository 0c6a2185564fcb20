import { FileObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { fileObject } from "../../../library/files/file-object.ts";
import { findFileVersion } from "../../../library/files/find-files.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { endpointOf } from "./caller.ts";
import { type VersionParameters, versionIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

const schema = { response: { 200: FileObject } };

export function versionDetailsRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.get<{ Params: VersionParameters }>("/v1/files/:fileId/versions/:versionId", { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const { fileId, versionId } = versionIdOf(request.params);
    const version = await findFileVersion(services.database.reader, accountId, fileId, versionId);
    return fileObject(version, endpointOf(services, request));
  });
}
