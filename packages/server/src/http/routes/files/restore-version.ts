import { FileObject } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { restoreFileVersion } from "../../../library/files/edit-files.ts";
import { fileObject } from "../../../library/files/file-object.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf, endpointOf } from "./caller.ts";
import { type VersionParameters, versionIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

const path = "/v1/files/:fileId/versions/:versionId/restore";
const schema = { response: { 200: FileObject } };

export function restoreVersionRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.put<{ Params: VersionParameters }>(path, { schema }, async (request) => {
    const { accountId } = principalOfRequest(request);
    const target = { accountId, ...versionIdOf(request.params), ...changeOf(services, request) };
    return fileObject(await restoreFileVersion(services.database, target), endpointOf(services, request));
  });
}
