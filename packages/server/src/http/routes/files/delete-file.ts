import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { removeFile } from "../../../library/files/edit-files.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { trashMsFor } from "../trash/trash-ms.ts";
import { changeOf } from "./caller.ts";
import { fileIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function deleteFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.deleteFile, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const file = { accountId, ...fileIdOf(request.params), trashMs: trashMsFor(services, request.query) };
    await removeFile(services.database, { ...file, ...changeOf(services, request) });
    return reply.code(204).send();
  });
}
