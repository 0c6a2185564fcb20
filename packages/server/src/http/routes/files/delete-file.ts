import type { FastifyInstance } from "fastify";
import { removeFile } from "../../../library/files/edit-files.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import { type FileParameters, fileIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function deleteFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.delete<{ Params: FileParameters }>("/v1/files/:fileId", async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    await removeFile(services.database, { accountId, ...fileIdOf(request.params), ...changeOf(services, request) });
    return reply.code(204).send();
  });
}
