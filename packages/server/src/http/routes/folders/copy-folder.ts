import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { copyFolder } from "../../../library/folders/manage-folders.ts";
import { parseCopy } from "../../../library/folders/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

export function copyFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  addRoute(app, operations.copyFolder, async (request) => {
    const copy = parseCopy(jsonObjectOf(request.body));
    return { jobId: await copyFolder(services, callerOf(services, request), copy) };
  });
}
