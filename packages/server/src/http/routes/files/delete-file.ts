import type { FastifyInstance } from "fastify";
import { removeFile } from "../../../library/edit-files.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { type FileParameters, fileIdOf } from "./file-ids.ts";
import type { FilesServices } from "./files-services.ts";

export function deleteFileRoute(app: FastifyInstance, { database }: FilesServices): void {
  app.delete<{ Params: FileParameters }>("/v1/files/:fileId", async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    await removeFile(database, { accountId, ...fileIdOf(request.params) });
    return reply.code(204).send();
  });
}
