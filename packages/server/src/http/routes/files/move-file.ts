import type { FastifyInstance } from "fastify";
import { moveFile } from "../../../library/files/organise-files.ts";
import { parseMove } from "../../../library/files/parse-organise.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

export function moveFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.post("/v1/files/move", async (request, reply) => {
    const asked = parseMove(jsonObjectOf(request.body));
    await moveFile(services, principalOfRequest(request), asked, changeOf(services, request));
    return reply.code(204).send();
  });
}
