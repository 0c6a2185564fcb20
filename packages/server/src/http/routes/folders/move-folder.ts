import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { moveFolder } from "../../../library/folders/manage-folders.ts";
import { parseMove } from "../../../library/folders/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

export function moveFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  addRoute(app, operations.moveFolder, async (request) => {
    const move = parseMove(jsonObjectOf(request.body));
    return { jobId: await moveFolder(services, callerOf(services, request), move) };
  });
}
