import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { copyFile } from "../../../library/files/organise-files.ts";
import { parseCopy } from "../../../library/files/parse-organise.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

export function copyFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.copyFile, async (request, reply) => {
    const asked = parseCopy(jsonObjectOf(request.body));
    await copyFile(services, principalOfRequest(request), asked, changeOf(services, request));
    return reply.code(204).send();
  });
}
