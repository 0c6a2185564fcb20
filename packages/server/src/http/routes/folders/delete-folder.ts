import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { removeFolder } from "../../../library/folders/manage-folders.ts";
import { parseDeletion } from "../../../library/folders/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { whileConnected } from "../../while-connected.ts";
import { trashMsFor } from "../trash/trash-ms.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

export function deleteFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  addRoute(app, operations.deleteFolder, async (request, reply) => {
    const trashMs = trashMsFor(services, request.query);
    const path = parseDeletion(jsonObjectOf(request.body));
    const caller = callerOf(services, request);
    await whileConnected(reply, (signal) => removeFolder(services, caller, { path, trashMs }, signal));
    return reply.code(204).send();
  });
}
