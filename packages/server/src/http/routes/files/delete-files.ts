import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { removeSeveralFiles } from "../../../library/files/bulk-files.ts";
import { parseBulkDelete } from "../../../library/files/parse-bulk.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import { trashMsFor } from "../trash/trash-ms.ts";
import { changeOf } from "./caller.ts";
import type { FilesNeeds } from "./needs.ts";

export function deleteFilesRoute(app: FastifyInstance, services: FilesNeeds): void {
  addRoute(app, operations.deleteFiles, async (request) => {
    const { accountId } = principalOfRequest(request);
    const trashMs = trashMsFor(services, request.query);
    const asked = { accountId, ...parseBulkDelete(jsonObjectOf(request.body)), trashMs };
    const deleted = await removeSeveralFiles(services, { ...asked, ...changeOf(services, request) });
    return { successfullyDeletedFileIds: deleted };
  });
}
