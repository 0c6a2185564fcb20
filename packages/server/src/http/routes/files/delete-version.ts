import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { removeFileVersion } from "../../../library/files/edit-files.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import { versionIdOf } from "./file-ids.ts";
import type { FilesNeeds } from "./needs.ts";

export function deleteVersionRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.deleteVersion, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    const target = { accountId, ...versionIdOf(request.params), ...changeOf(services, request) };
    await removeFileVersion(services.database, target);
    return reply.code(204).send();
  });
}
