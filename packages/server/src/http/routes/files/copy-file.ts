import type { FastifyInstance } from "fastify";
import { copyFile } from "../../../library/files/organise-files.ts";
import { parseCopy } from "../../../library/files/parse-organise.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

export function copyFileRoute(app: FastifyInstance, services: FilesNeeds): void {
  app.post("/v1/files/copy", async (request, reply) => {
    const asked = parseCopy(jsonObjectOf(request.body));
    await copyFile(services, principalOfRequest(request), asked, changeOf(services, request));
    return reply.code(204).send();
  });
}
