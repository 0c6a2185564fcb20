import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { deleteFromTrash, emptyTrash } from "../../../library/trash/manage-trash.ts";
import { parseEmptying } from "../../../library/trash/parse-requests.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import type { TrashRoutesNeeds } from "./needs.ts";
import { callerOf } from "./trash-caller.ts";

export function emptyTrashRoute(app: FastifyInstance, services: TrashRoutesNeeds): void {
  addRoute(app, operations.emptyTrash, async (request) => {
    const selection = parseEmptying(jsonObjectOf(request.body));
    const caller = callerOf(services, request);
    if (selection === "all") return { completed: !(await emptyTrash(services, caller)).isUnderWay };
    await deleteFromTrash(services, caller, selection);
    return { completed: true };
  });
}
