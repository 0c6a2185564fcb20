import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { createFolder } from "../../../library/folders/manage-folders.ts";
import { parseNewFolder } from "../../../library/folders/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { FoldersNeeds } from "./needs.ts";

export function createFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  addRoute(app, operations.createFolder, async (request, reply) => {
    const { accountId } = principalOfRequest(request);
    await createFolder(services, accountId, parseNewFolder(jsonObjectOf(request.body)));
    return reply.code(201).send({});
  });
}
