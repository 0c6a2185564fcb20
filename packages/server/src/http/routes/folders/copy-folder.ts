import { BulkJobReceipt } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { copyFolder } from "../../../library/folders/manage-folders.ts";
import { parseCopy } from "../../../library/folders/parse-requests.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

const schema = { response: { 200: BulkJobReceipt } };

export function copyFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  app.post("/v1/bulkJobs/copyFolder", { schema }, async (request) => {
    const copy = parseCopy(jsonObjectOf(request.body));
    return { jobId: await copyFolder(services, callerOf(services, request), copy) };
  });
}
