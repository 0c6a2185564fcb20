import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { bulkJobObject } from "../../../library/folders/bulk-job-object.ts";
import { findFolderJob } from "../../../library/folders/manage-folders.ts";
import { isId } from "../../../text/id.ts";
import { invalidParameter } from "../../../text/parameter.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { FoldersNeeds } from "./needs.ts";

export function bulkJobRoute(app: FastifyInstance, services: FoldersNeeds): void {
  addRoute(app, operations.getBulkJob, async (request, reply) => {
    const { jobId } = request.params;
    if (!isId(jobId)) throw invalidParameter("jobId", "An id has 24 characters, 0 to 9 and a to f.");
    const { job, progress } = await findFolderJob(services, principalOfRequest(request).accountId, jobId);
    const shown = bulkJobObject(job, progress);
    return reply.code("message" in shown ? 207 : 200).send(shown);
  });
}
