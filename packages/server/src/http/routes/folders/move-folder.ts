import { BulkJobReceipt } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { moveFolder } from "../../../library/folders/manage-folders.ts";
import { parseMove } from "../../../library/folders/parse-requests.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

const schema = { response: { 200: BulkJobReceipt } };

export function moveFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  app.post("/v1/bulkJobs/moveFolder", { schema }, async (request) => {
    const move = parseMove(jsonObjectOf(request.body));
    return { jobId: await moveFolder(services, callerOf(services, request), move) };
  });
}
