import { BulkJobReceipt } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { renameFolder } from "../../../library/folders/manage-folders.ts";
import { parseRename } from "../../../library/folders/parse-requests.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { callerOf } from "./folder-caller.ts";
import type { FoldersNeeds } from "./needs.ts";

const schema = { response: { 202: BulkJobReceipt } };

export function renameFolderRoute(app: FastifyInstance, services: FoldersNeeds): void {
  app.post("/v1/bulkJobs/renameFolder", { schema }, async (request, reply) => {
    const rename = parseRename(jsonObjectOf(request.body));
    return reply.code(202).send({ jobId: await renameFolder(services, callerOf(services, request), rename) });
  });
}
