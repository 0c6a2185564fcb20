import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { moveFile } from "../../../library/files/organise-files.ts";
import { parseMove } from "../../../library/files/parse-organise.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

export function moveFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.moveFile, async (request, reply) => {
    const asked = parseMove(jsonObjectOf(request.body));
    await moveFile(services, principalOfRequest(request), asked, changeOf(services, request));
    return reply.code(204).send();
  });
}
