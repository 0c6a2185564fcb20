import type { FastifyInstance } from "fastify";
import { removeFolder } from "../../../library/folders/manage-folders.ts";
import { parseDeletion } from "../../../library/folders/parse-requests.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { whileConnected } from "../../while-connected.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

export function deleteFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  app.delete("/v1/folder", async (request, reply) => {
    const path = parseDeletion(jsonObjectOf(request.body));
    const caller = callerOf(services, request);
    await whileConnected(reply, (signal) => removeFolder(services, caller, path, signal));
    return reply.code(204).send();
  });
}
