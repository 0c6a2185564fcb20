import type { FastifyInstance } from "fastify";
import { removeFileVersion } from "../../../library/edit-files.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { type VersionParameters, versionIdOf } from "./file-ids.ts";
import type { FilesServices } from "./files-services.ts";

export function deleteVersionRoute(app: FastifyInstance, { database }: FilesServices): void {
  app.delete<{ Params: VersionParameters }>("/v1/files/:fileId/versions/:versionId", async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    await removeFileVersion(database, { accountId, ...versionIdOf(request.params) });
    return reply.code(204).send();
  });
}
