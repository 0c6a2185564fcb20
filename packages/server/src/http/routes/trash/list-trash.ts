import { operations, type TrashList } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listTrash } from "../../../library/trash/manage-trash.ts";
import { parseTrashListing, writeTrashCursor } from "../../../library/trash/parse-requests.ts";
import { trashedFileObject } from "../../../library/trash/trashed-file.ts";
import { addRoute } from "../../add-route.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { TrashRoutesNeeds } from "./needs.ts";

export function listTrashRoute(app: FastifyInstance, services: TrashRoutesNeeds): void {
  addRoute(app, operations.listTrash, async (request) => {
    const { accountId } = principalOfRequest(request);
    const { files, next } = await listTrash(services, accountId, parseTrashListing(request.query));
    return {
      files: files.map(trashedFileObject),
      nextCursor: next === undefined ? null : writeTrashCursor(next),
    } satisfies TrashList;
  });
}
