import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { renameFile } from "../../../delivery/purge/rename-file.ts";
import { parseRename } from "../../../library/files/parse-organise.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

export function renameFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.renameFile, async (request, reply) => {
    const asked = parseRename(jsonObjectOf(request.body));
    const { purgeRequestId, unpurged } = await renameFile(
      services,
      principalOfRequest(request),
      asked,
      changeOf(services, request),
    );
    if (unpurged !== undefined) return reply.code(207).send(unpurged.toJSON());
    return purgeRequestId === undefined ? {} : { purgeRequestId };
  });
}
