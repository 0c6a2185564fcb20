import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { renameFolder } from "../../../library/folders/manage-folders.ts";
import { parseRename } from "../../../library/folders/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

export function renameFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  addRoute(app, operations.renameFolder, async (request, reply) => {
    const rename = parseRename(jsonObjectOf(request.body));
    return reply.code(202).send({ jobId: await renameFolder(services, callerOf(services, request), rename) });
  });
}
